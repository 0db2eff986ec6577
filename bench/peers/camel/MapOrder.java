import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The bulk entries of a placed order: Placed Order with the profile, and one Ordered Product per line. */
final class MapOrder {
  private static final Map<String, String> PROFILE_AMOUNTS = Map.of(
      "gross", "Marketplace Gross", "refunded", "Marketplace Refunded", "net", "Marketplace Net",
      "averageOrder", "Marketplace Average Order", "lastOrderAmount", "Marketplace Last Order Value");
  private static final Map<String, String> PROFILE_VALUES = Map.of(
      "orders", "Marketplace Orders", "firstOrderAt", "Marketplace First Order At", "lastOrderAt", "Marketplace Last Order At",
      "skus", "Marketplace SKUs", "productTitles", "Marketplace Products", "refundedSkus", "Marketplace Refunded SKUs",
      "channels", "Marketplace Channels", "countries", "Marketplace Countries", "lastChannel", "Marketplace Last Channel",
      "reviewRequestAllowed", "Marketplace Review Request Allowed");
  private static final Map<String, String> PROFILE_FACTS = Map.of(
      "amountsComplete", "Marketplace Amounts Complete", "contactClass", "Marketplace Contact Class",
      "version", "Marketplace Profile Version");

  private final ObjectMapper json;

  MapOrder(ObjectMapper json) {
    this.json = json;
  }

  void addEntries(JsonNode order, ArrayNode entries) {
    JsonNode inner = order.get("order");
    ObjectNode properties = identification(order);
    properties.set("OrderState", inner.get("state"));
    Set<JsonNode> names = new LinkedHashSet<>();
    Set<JsonNode> skus = new LinkedHashSet<>();
    Set<JsonNode> categories = new LinkedHashSet<>();
    ArrayNode items = json.createArrayNode();
    int count = 0;
    for (JsonNode line : inner.get("lines")) {
      names.add(line.get("title"));
      skus.add(line.get("sku"));
      categories.add(line.get("category"));
      items.add(item(line, json.createObjectNode()));
      count += line.get("quantity").asInt();
    }
    properties.putArray("ItemNames").addAll(names);
    properties.putArray("SKUs").addAll(skus);
    properties.putArray("Categories").addAll(categories);
    properties.put("ItemCount", count);
    properties.set("Items", items);
    properties.put("OriginalAmount", amount(order.get("amount")));
    properties.set("OriginalCurrency", order.get("amount").get("currency"));
    ObjectNode extra = properties.putObject("$extra");
    extra.set("EventId", order.get("eventId"));
    extra.set("OrderKey", order.get("orderKey"));
    extra.set("ContactSource", order.get("contact").get("source"));
    ObjectNode placed = extra.putObject("Order");
    placed.set("PlacedAt", inner.get("placedAt"));
    placed.put("OriginalAmount", amount(inner.get("amount")));
    placed.set("OriginalCurrency", inner.get("amount").get("currency"));
    entries.add(entry("Placed Order", order.get("eventId"), order, order.get("amountReporting"), properties, profile(order)));
    for (JsonNode line : inner.get("lines")) {
      ObjectNode email = json.createObjectNode();
      email.set("email", order.get("contact").get("email"));
      entries.add(entry("Ordered Product", line.get("eventId"), order, line.get("amountReporting"),
          item(line, identification(order)), email));
    }
  }

  private ObjectNode entry(String metric, JsonNode id, JsonNode order, JsonNode value, ObjectNode properties, ObjectNode profile) {
    ObjectNode entry = json.createObjectNode().put("type", "event-bulk-create");
    ObjectNode attributes = entry.putObject("attributes");
    attributes.putObject("profile").putObject("data").put("type", "profile").set("attributes", profile);
    ObjectNode event = attributes.putObject("events").putArray("data").addObject().put("type", "event").putObject("attributes");
    event.set("properties", properties);
    event.set("time", order.get("occurredAt"));
    event.put("value", amount(value));
    event.set("value_currency", value.get("currency"));
    event.set("unique_id", id);
    event.put("backfill", true);
    event.putObject("metric").putObject("data").put("type", "metric").putObject("attributes").put("name", metric);
    return entry;
  }

  private ObjectNode identification(JsonNode order) {
    ObjectNode node = json.createObjectNode();
    node.set("OrderId", order.get("orderId"));
    node.put("Marketplace", "Maison");
    node.set("MarketplaceId", order.get("marketplaceId"));
    node.set("Channel", order.get("channel"));
    node.set("Country", order.get("country"));
    return node;
  }

  private ObjectNode item(JsonNode line, ObjectNode node) {
    node.set("LineId", line.get("lineId"));
    node.set("Quantity", line.get("quantity"));
    node.set("ProductID", line.get("sku"));
    node.set("SKU", line.get("sku"));
    node.set("OperatorSKU", line.get("productSku"));
    node.set("ProductName", line.get("title"));
    node.set("ImageURL", line.get("imageUrl"));
    node.putArray("Categories").add(line.get("category"));
    node.put("ItemPrice", amount(line.get("unitPrice")));
    node.put("RowTotal", amount(line.get("amount")));
    node.set("Currency", line.get("amount").get("currency"));
    return node;
  }

  private ObjectNode profile(JsonNode order) {
    JsonNode from = order.get("profile");
    ObjectNode profile = json.createObjectNode();
    profile.set("email", order.get("contact").get("email"));
    profile.set("first_name", from.get("firstName"));
    profile.set("last_name", from.get("lastName"));
    profile.set("locale", from.get("locale"));
    ObjectNode location = profile.putObject("location");
    location.set("city", from.get("city"));
    location.set("country", from.get("country"));
    location.set("zip", from.get("postalCode"));
    ObjectNode properties = profile.putObject("properties");
    PROFILE_AMOUNTS.forEach((field, name) -> properties.put(name, amount(from.get(field))));
    PROFILE_VALUES.forEach((field, name) -> properties.set(name, from.get(field)));
    PROFILE_FACTS.forEach((field, name) -> properties.set(name, from.get(field)));
    properties.set("Marketplace Currency", from.get("gross").get("currency"));
    return profile;
  }

  private static double amount(JsonNode money) {
    return Double.parseDouble(money.get("amount").asText());
  }
}
