package dev.logtap.demo;

/** The sample logs: those of the built-in allowlist. */
enum SampleLog {
  NGINX_ACCESS("nginx-access"),
  NGINX_ERROR("nginx-error"),
  PHP_FPM("php-fpm"),
  MYSQL("mysql");

  /** On the allowlist; and with {@code .log} the file's. */
  final String text;

  SampleLog(String text) {
    this.text = text;
  }
}
