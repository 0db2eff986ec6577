import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

public class Subscriber {
  private static final ObjectMapper JSON = new ObjectMapper();

  // In a real subscriber both are tables, written in one transaction with whatever else a message changes.
  private final Map<String, JsonNode> buyers = new HashMap<>();
  private final Set<String> seenEvents = new HashSet<>();

  void takeProfile(String buyerId, String value) throws Exception {
    if (value == null) {
      // A tombstone: the person was erased. Delete everything that is held of this buyer.
      buyers.remove(buyerId);
      return;
    }
    JsonNode profile = JSON.readTree(value);
    JsonNode known = buyers.get(buyerId);
    if (known == null || profile.get("version").asLong() > known.get("version").asLong()) {
      buyers.put(buyerId, profile);
    }
  }

  void takeEvent(String value) throws Exception {
    // Delivery is at least once: what has this id already is a repeat.
    if (value != null) seenEvents.add(JSON.readTree(value).get("eventId").asText());
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> env = System.getenv();
    String eventsTopic = env.getOrDefault("EVENTS_TOPIC", "buyer.events.v1");
    String profilesTopic = env.getOrDefault("PROFILES_TOPIC", "buyer.profiles.v1");
    String idle = env.get("STOP_AFTER_IDLE_MS");
    long idleMs = idle == null ? Long.MAX_VALUE : Long.parseLong(idle);

    Properties settings = new Properties();
    settings.put("bootstrap.servers", env.get("KAFKA_BROKERS"));
    settings.put("group.id", env.getOrDefault("GROUP_ID", "example-subscriber"));
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");

    Subscriber subscriber = new Subscriber();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(eventsTopic, profilesTopic));
      // Idle is only who has received something.
      long idleFrom = Long.MAX_VALUE;
      while (idleFrom == Long.MAX_VALUE || System.currentTimeMillis() - idleFrom < idleMs) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
        for (ConsumerRecord<String, String> record : records) {
          if (record.topic().equals(profilesTopic)) {
            subscriber.takeProfile(record.key(), record.value());
          } else {
            subscriber.takeEvent(record.value());
          }
        }
        if (!records.isEmpty()) {
          idleFrom = System.currentTimeMillis();
          // Only now: a crash before this line brings the same messages again.
          consumer.commitSync();
        }
      }
    }

    var kept = JSON.createArrayNode();
    for (JsonNode profile : subscriber.buyers.values()) {
      kept.addObject()
          .put("buyerId", profile.get("buyerId").asText())
          .put("version", profile.get("version").asLong())
          .put("orders", profile.get("orders").asLong())
          .put("net", profile.get("net").get("amount").asText());
    }
    var told = JSON.createObjectNode().put("events", subscriber.seenEvents.size());
    told.set("buyers", kept);
    System.out.println(JSON.writeValueAsString(told));
  }
}
