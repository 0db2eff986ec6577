import json
import os
import time

from kafka import KafkaConsumer

events_topic = os.environ.get("EVENTS_TOPIC", "buyer.events.v1")
profiles_topic = os.environ.get("PROFILES_TOPIC", "buyer.profiles.v1")
idle_ms = os.environ.get("STOP_AFTER_IDLE_MS")

# In a real subscriber both are tables, written in one transaction with whatever else a message changes.
buyers = {}
seen_events = set()


def take_profile(buyer_id, value):
    if value is None:
        # A tombstone: the person was erased. Delete everything that is held of this buyer.
        buyers.pop(buyer_id, None)
        return
    profile = json.loads(value)
    known = buyers.get(buyer_id)
    if known is None or profile["version"] > known["version"]:
        buyers[buyer_id] = profile


def take_event(value):
    if value is not None:
        # Delivery is at least once: what has this id already is a repeat.
        seen_events.add(json.loads(value)["eventId"])


consumer = KafkaConsumer(
    events_topic,
    profiles_topic,
    bootstrap_servers=os.environ["KAFKA_BROKERS"].split(","),
    group_id=os.environ.get("GROUP_ID", "example-subscriber"),
    auto_offset_reset="earliest",
    enable_auto_commit=False,
)
# Idle is only who has received something.
last_message_at = float("inf")
while idle_ms is None or time.monotonic() - last_message_at < int(idle_ms) / 1000:
    batches = consumer.poll(timeout_ms=200)
    for partition, messages in batches.items():
        for message in messages:
            if partition.topic == profiles_topic:
                take_profile(message.key.decode(), message.value)
            else:
                take_event(message.value)
    if batches:
        last_message_at = time.monotonic()
        # Only now: a crash before this line brings the same messages again.
        consumer.commit()
consumer.close()

kept = [
    {"buyerId": p["buyerId"], "version": p["version"], "orders": p["orders"], "net": p["net"]["amount"]}
    for p in buyers.values()
]
print(json.dumps({"events": len(seen_events), "buyers": kept}))
