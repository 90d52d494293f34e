package dev.logtap.log;

import java.io.IOException;

/** All that a {@link DirectoryWatch} has to do, where it asks the kernel itself. */
class InotifyWatchTest extends DirectoryWatchTest {
  @Override
  DirectoryWatch open() throws IOException {
    return DirectoryWatch.openQuick();
  }
}
