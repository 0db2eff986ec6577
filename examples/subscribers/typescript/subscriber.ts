import { type EachMessagePayload, Kafka } from 'kafkajs';

interface Profile {
  buyerId: string;
  version: number;
  orders: number;
  net: { amount: string; currency: string };
}

const {
  KAFKA_BROKERS: brokers = '',
  GROUP_ID: groupId = 'example-subscriber',
  EVENTS_TOPIC: eventsTopic = 'buyer.events.v1',
  PROFILES_TOPIC: profilesTopic = 'buyer.profiles.v1',
  STOP_AFTER_IDLE_MS: idleMs,
} = process.env;

// In a real subscriber both are tables, written in one transaction with whatever else a message changes.
const buyers = new Map<string, Profile>();
const seenEvents = new Set<string>();
// Idle is only who has received something.
let lastMessageAt = Number.POSITIVE_INFINITY;

function takeProfile(buyerId: string, value: Buffer | null): void {
  if (value === null) {
    // A tombstone: the person was erased. Delete everything that is held of this buyer.
    buyers.delete(buyerId);
    return;
  }
  const profile: Profile = JSON.parse(value.toString());
  const known = buyers.get(buyerId);
  if (known === undefined || profile.version > known.version) buyers.set(buyerId, profile);
}

function takeEvent(value: Buffer | null): void {
  if (value === null) return;
  const event: { eventId: string } = JSON.parse(value.toString());
  // Delivery is at least once: what has this id already is a repeat.
  seenEvents.add(event.eventId);
}

const kafka = new Kafka({ clientId: groupId, brokers: brokers.split(',') });
const consumer = kafka.consumer({ groupId });
await consumer.connect();
await consumer.subscribe({ topics: [eventsTopic, profilesTopic], fromBeginning: true });
await consumer.run({
  // kafkajs commits an offset only after the message was handled.
  eachMessage: async ({ topic, message }: EachMessagePayload) => {
    lastMessageAt = Date.now();
    if (topic === profilesTopic) takeProfile(message.key?.toString() ?? '', message.value);
    else takeEvent(message.value);
  },
});

if (idleMs !== undefined) {
  while (Date.now() - lastMessageAt < Number(idleMs)) await new Promise((done) => setTimeout(done, 100));
  await consumer.disconnect();
  const kept = [...buyers.values()].map(({ buyerId, version, orders, net }) => ({
    buyerId,
    version,
    orders,
    net: net.amount,
  }));
  console.log(JSON.stringify({ events: seenEvents.size, buyers: kept }));
}
