package dev.logtap.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
  @TempDir Path parent;

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.toList();
    }
  }

  /** As a killed demo leaves it. */
  private Path leftover(String name) throws IOException {
    Path left = Files.createDirectory(parent.resolve(name));
    Files.createFile(left.resolve("lock"));
    Files.writeString(left.resolve("mysql.log.1"), "x");
    return left;
  }

  private void makeAndClose() throws IOException {
    Folder.make(parent).close();
  }

  @Test
  void nobody_else_can_look_into_it() throws IOException {
    try (Folder folder = Folder.make(parent)) {
      assertEquals(parent, folder.path().getParent());
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
    }
  }

  @Test
  void it_is_removed_with_all_that_was_written_into_it() throws IOException {
    try (Folder folder = Folder.make(parent)) {
      Files.writeString(folder.path().resolve("mysql.log"), "x");
      Files.createSymbolicLink(folder.path().resolve("link"), Files.createDirectory(parent.resolve("other")));
    }

    assertEquals(List.of(parent.resolve("other")), folders());
  }

  @Test
  void somebody_may_have_removed_it_already() throws IOException {
    try (Folder folder = Folder.make(parent)) {
      Files.delete(folder.path().resolve("lock"));
      Files.delete(folder.path());
    }

    assertEquals(List.of(), folders());
  }

  @Test
  void what_a_killed_demo_has_left_is_removed_by_the_next() throws IOException {
    leftover("logtap-demo-1");
    leftover("logtap-demo-2");

    makeAndClose();

    assertEquals(List.of(), folders());
  }

  @Test
  void folder_of_a_demo_that_runs_stays() throws IOException {
    try (Folder first = Folder.make(parent)) {
      makeAndClose();

      assertTrue(Files.exists(first.path().resolve("lock")));
    }
  }

  @Test
  void what_only_looks_like_a_demos_stays() throws IOException {
    Path elsewhere = leftover("elsewhere");
    Path without = Files.createDirectory(parent.resolve("logtap-demo-notes"));
    Files.writeString(without.resolve("mine"), "x");
    Files.createSymbolicLink(parent.resolve("logtap-demo-link"), elsewhere);
    Path linked = Files.createDirectory(parent.resolve("logtap-demo-linked"));
    Files.createSymbolicLink(linked.resolve("lock"), elsewhere.resolve("lock"));
    Files.createFile(parent.resolve("logtap-demo-file"));

    makeAndClose();

    assertEquals(5, folders().size());
    assertTrue(Files.exists(elsewhere.resolve("lock")));
    assertTrue(Files.exists(without.resolve("mine")));
    assertTrue(Files.exists(linked.resolve("lock")));
  }

  @Test
  void folder_that_somebody_has_put_into_it_stays() throws IOException {
    Path put;
    try (Folder folder = Folder.make(parent)) {
      put = Files.createDirectory(folder.path().resolve("put"));
      Files.writeString(folder.path().resolve("mysql.log"), "x");
    }

    assertTrue(Files.exists(put));
    assertFalse(Files.exists(put.resolveSibling("mysql.log")));
  }

  @Test
  void parent_that_is_missing_is_an_error() {
    assertThrows(NoSuchFileException.class, () -> Folder.make(parent.resolve("missing")));
  }

  @Test
  void demos_that_begin_and_end_at_once_leave_each_other_alone() throws Exception {
    Callable<Void> one =
        () -> {
          for (int i = 0; i < 50; i++) {
            try (Folder folder = Folder.make(parent)) {
              Files.writeString(folder.path().resolve("mysql.log"), "x");
              assertTrue(Files.exists(folder.path().resolve("lock")));
            }
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(one));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    }

    assertEquals(List.of(), folders());
  }
}
