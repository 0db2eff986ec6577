import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.main.Main;

/** Apache Camel: Kafka to Klaviyo's bulk events, without a ledger. Offsets are committed after the answer. */
public final class Peer extends RouteBuilder {
  private final ObjectMapper json = new ObjectMapper();
  private final MapOrder mapOrder = new MapOrder(json);

  public static void main(String[] arguments) throws Exception {
    Main main = new Main();
    main.configure().addRoutesBuilder(new Peer());
    main.run(arguments);
  }

  @Override
  public void configure() {
    String brokers = System.getenv("KAFKA_BROKERS");
    String group = System.getenv("GROUP_ID");
    // 333 orders of three events each: with one more the bulk request would be over 1,000.
    from("kafka:buyer.events.v1?brokers=" + brokers + "&groupId=" + group
        + "&autoOffsetReset=earliest&batching=true&maxPollRecords=333&pollTimeoutMs=200"
        + "&batchingIntervalMs=500&autoCommitEnable=false&allowManualCommit=true&breakOnFirstError=true")
        .process(this::toBulkRequest)
        .to(System.getenv("KLAVIYO_BASE_URL") + "/api/event-bulk-create-jobs?httpMethod=POST")
        .process(Peer::commit);
  }

  private void toBulkRequest(Exchange exchange) throws Exception {
    List<?> records = exchange.getMessage().getBody(List.class);
    ArrayNode entries = json.createArrayNode();
    Object commit = null;
    for (Object each : records) {
      Message record = ((Exchange) each).getMessage();
      JsonNode order = json.readTree(record.getBody(String.class));
      mapOrder.addEntries(order, entries);
      commit = record.getHeader(KafkaConstants.MANUAL_COMMIT);
    }
    ObjectNode body = json.createObjectNode();
    ObjectNode data = body.putObject("data").put("type", "event-bulk-create-job");
    data.putObject("attributes").putObject("events-bulk-create").set("data", entries);
    exchange.setProperty("commit", commit);
    Message message = exchange.getMessage();
    message.setHeaders(new java.util.HashMap<>(Map.of(
        "Authorization", "Klaviyo-API-Key " + System.getenv("KLAVIYO_API_KEY"),
        "revision", "2026-07-15",
        "Content-Type", "application/json")));
    message.setBody(json.writeValueAsBytes(body));
  }

  private static void commit(Exchange exchange) {
    exchange.getProperty("commit", KafkaManualCommit.class).commit();
  }
}
