/** logtap: one program that prints, follows and streams allowlisted logs. */
module dev.logtap {
  requires com.auth0.jwt;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;
  requires jdk.unsupported;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.java_websocket;
  requires org.jline.terminal;
  requires org.tomlj;
}
