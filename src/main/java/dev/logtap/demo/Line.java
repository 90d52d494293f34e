package dev.logtap.demo;

import java.time.Instant;
import java.time.ZoneId;

/** A line of a sample log, which knows the format of its program. */
sealed interface Line permits AccessLine, ErrorLine, FpmLine, MysqlLine {
  /** When the program wrote it. */
  Instant time();

  /** As it stands in the log, without a newline. */
  String text(ZoneId zone);

  default SampleLog log() {
    return switch (this) {
      case AccessLine _ -> SampleLog.NGINX_ACCESS;
      case ErrorLine _ -> SampleLog.NGINX_ERROR;
      case FpmLine _ -> SampleLog.PHP_FPM;
      case MysqlLine _ -> SampleLog.MYSQL;
    };
  }
}
