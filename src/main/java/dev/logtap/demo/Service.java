package dev.logtap.demo;

import dev.logtap.railway.Entry;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A service of the environment, as it is deployed for a while.
 *
 * @param instances of the deployment, which take turns
 */
record Service(String name, String id, String deployment, List<String> instances) {
  static Service first(String name, int replicas, Dice dice) {
    return new Service(name, uuid(dice), replicas, dice);
  }

  private Service(String name, String id, int replicas, Dice dice) {
    this(name, id, uuid(dice), IntStream.range(0, replicas).mapToObj(_ -> uuid(dice)).toList());
  }

  /** Its next deployment. */
  Service deployed(Dice dice) {
    return new Service(name, id, instances.size(), dice);
  }

  Entry says(Instant time, String severity, String message, Entry.Attribute... attributes) {
    String instance = instances.get(time.getNano() / 1000 % instances.size());
    return new Entry(time, time.toString(), severity, id, name, deployment, instance, message, List.of(attributes));
  }

  /** @param value as it stands in a JSON string */
  static Entry.Attribute text(String key, String value) {
    return new Entry.Attribute(key, '"' + value + '"');
  }

  static Entry.Attribute number(String key, long value) {
    return new Entry.Attribute(key, Long.toString(value));
  }

  /** Version 4, as Railway's ids are. */
  static String uuid(Dice dice) {
    return String.join("-", dice.hex(8), dice.hex(4), "4" + dice.hex(3), "a" + dice.hex(3), dice.hex(12));
  }
}
