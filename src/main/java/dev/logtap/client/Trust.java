package dev.logtap.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates count: the system's authorities, or those of a file. Any thread may use it. */
public final class Trust {
  /** Null for the system's, which take a while to load and are needed for TLS only. */
  private final SSLContext context;

  private Trust(SSLContext context) {
    this.context = context;
  }

  public static Trust ofSystem() {
    return new Trust(null);
  }

  /**
   * The authorities of a file in PEM, and no others.
   *
   * @throws IOException where it holds none, or can't be read; with a sentence
   */
  public static Trust ofFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException("none");
      }
      return new Trust(contextOf(certificates));
    } catch (CertificateException e) {
      throw new IOException("'" + file + "' holds no certificate; name the authority's in PEM", e);
    } catch (GeneralSecurityException e) {
      throw new IOException("'" + file + "' can't be used: " + e.getMessage() + "; name the authority's in PEM", e);
    } catch (IOException e) {
      throw new IOException("'" + file + "' can't be read; name a file that this user may read", e);
    }
  }

  private static SSLContext contextOf(Collection<? extends Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("authority-" + number++, certificate);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** Speaks TLS over a connection, with a peer that has shown to be the one that was meant. */
  SSLSocket over(Socket connected, Origin origin) throws IOException {
    try {
      SSLContext used = context != null ? context : SSLContext.getDefault();
      SSLSocket socket =
          (SSLSocket) used.getSocketFactory().createSocket(connected, origin.host(), origin.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS can't be had: " + e.getMessage(), e);
    }
  }
}
