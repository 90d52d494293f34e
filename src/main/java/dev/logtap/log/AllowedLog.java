package dev.logtap.log;

import java.nio.file.Path;

/**
 * One entry of the allowlist.
 *
 * @param path where the log is written now; its rotated generations lie beside it
 * @param symlink whether the path may be a symbolic link, which is refused otherwise: a log directory
 *     is often writable by the service, and a planted link must not make a privileged reader read
 *     what it points at
 */
public record AllowedLog(LogName name, Path path, boolean symlink) {}
