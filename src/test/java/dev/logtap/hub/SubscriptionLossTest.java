package dev.logtap.hub;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What clients of one log are told of what is lost, by the hub or before they came to it. */
class SubscriptionLossTest extends HubScene {
  @Test
  void what_was_emptied_before_a_client_came_to_it_is_a_gap_told_once_and_to_that_one_alone() throws Exception {
    expectOneGapForTheSlow(this::truncate);
  }

  @Test
  void what_was_removed_before_a_client_came_to_it_is_a_gap_and_the_new_file_comes_whole() throws Exception {
    expectOneGapForTheSlow(() -> Files.delete(file));
  }

  private void expectOneGapForTheSlow(Executable loss) throws Exception {
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append("one\n");
      quick.expect("one\n");
      assertDoesNotThrow(loss);
      String all = appendAtThePaceOf(quick);
      quick.expect("one\n" + all);
      assertEquals(List.of(), quick.gaps);

      append("end\n");
      slow.expect(all + "end\n");
      assertEquals(1, slow.gaps.size(), slow.gaps::toString);
    }
  }

  @Test
  void what_a_client_has_had_of_a_file_does_not_come_again_after_a_gap() throws Exception {
    String had = longText(8000);
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append(had);
      slow.expect(had);
      quick.expect(had);
      Path copy = Files.copy(file, directory.resolve("copy"));
      Path other = Files.copy(file, directory.resolve("app.log.1"));
      Files.writeString(other, "other\n", StandardOpenOption.APPEND);
      Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
      String all = appendAtThePaceOf(quick);
      append("end\n");
      slow.expectEnd("end\n");
      assertEquals(List.of("the place where reading stopped may be in 'app.log.1' or in 'app.log'"), slow.gaps);
      assertTrue((all + "end\n").endsWith(slow.text.substring(had.length())), "what was had comes but once");
    }
  }

  @Test
  void client_whose_place_has_gone_gets_a_gap_and_the_last_lines() throws Exception {
    String cursor;
    try (Client client = Client.live(this)) {
      append("one\n");
      cursor = client.expect("one\n").cursor;
    }
    Files.delete(file);
    append("a\nb\nc\n");
    try (Client client = new Client(null).resume(cursor, 2).expect("b\nc\n")) {
      assertEquals(1, client.gaps.size());
    }
  }

  @Test
  void loss_that_the_hub_saw_is_told_once_to_each_filtered_or_not() throws Exception {
    try (Client all = Client.live(this);
        Client some = new Client("end").withLastLines(0)) {
      try (Obstacle obstacle = stopAtTheFirstPieceOf(longText(LONG))) {
        truncate();
        obstacle.remove();
      }
      append("the end\n");
      all.expectEnd("the end\n");
      some.expect("the end\n");
      assertEquals(1, all.gaps.size(), all.gaps::toString);
      assertEquals(all.gaps, some.gaps);
    }
  }

  @Test
  void client_that_comes_back_is_told_once_of_what_the_hub_has_lost_meanwhile() throws Exception {
    try (Client stays = Client.live(this)) {
      String cursor;
      try (Client leaves = Client.live(this)) {
        append("one\n");
        stays.expect("one\n");
        cursor = leaves.expect("one\n").cursor;
      }
      loseWhatFollows("before\none\n");
      stays.expectEnd("other\n");
      assertEquals(1, stays.gaps.size(), stays.gaps::toString);
      try (Client back = new Client(null).resume(cursor, 0).expect("other\n")) {
        append("end\n");
        back.expect("other\nend\n");
        assertEquals(stays.gaps, back.gaps);
      }

      long now = System.currentTimeMillis();
      Await.until(() -> System.currentTimeMillis() > now, () -> "the clock stands still");
      append("late\n");
      cursor = stays.expectEnd("late\n").cursor;
      append("later\n");
      try (Client late = new Client(null).resume(cursor, 0).expect("later\n")) {
        assertEquals(List.of(), late.gaps, "it was told before that one left");
      }
    }
  }

  @Test
  void client_that_falls_out_of_the_ring_is_told_once_of_what_the_hub_has_lost_there() throws Exception {
    try (Client slow = Client.live(this);
        Client quick = Client.live(this)) {
      append("one\n");
      quick.expect("one\n");
      slow.expect("one\n");
      loseWhatFollows("before\none\n");
      quick.expectEnd("other\n");
      append(longText(LONG) + "end\n");
      quick.expectEnd("end\n");
      slow.expect("one\nother\n" + longText(LONG) + "end\n");
      assertEquals(1, quick.gaps.size(), quick.gaps::toString);
      assertEquals(quick.gaps, slow.gaps);
    }
  }

  /**
   * Empties the file when the hub has read a part of what was written, and begins it anew as far as the clients
   * are, so that they find their place: it is the hub alone that knows of the loss.
   */
  private void loseWhatFollows(String before) throws Exception {
    try (Obstacle obstacle = stopAtTheFirstPieceOf(longText(LONG))) {
      truncate();
      append(before + "other\n");
      obstacle.remove();
    }
  }

  /** More than any ring has, in parts that one who takes each as it comes never falls behind of. */
  private String appendAtThePaceOf(Client client) throws IOException {
    String all = longText(LONG);
    for (int from = 0; from < all.length(); ) {
      int to = all.indexOf('\n', Math.min(all.length() - 1, from + (1 << 20))) + 1;
      append(all.substring(from, to));
      client.expectEnd(all.substring(Math.max(from, to - 2000), to));
      from = to;
    }
    return all;
  }

  /** The text is there as a whole when the hub begins to read it, so that it has seen how much that is. */
  private Obstacle stopAtTheFirstPieceOf(String text) throws Exception {
    Obstacle first = new Obstacle(null);
    append("first\n");
    first.met.await();
    append(text);
    Obstacle next = new Obstacle(null);
    first.gone.countDown();
    next.met.await();
    return next;
  }

  private void truncate() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }
}
