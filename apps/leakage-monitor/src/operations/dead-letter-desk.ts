import {
  ALL_TOPICS,
  ceHeaders,
  deadLetterHeaders,
  deadLetterTopicName,
  deadLetterTopicsOf,
  marketplaceIdOf,
  Topics,
} from '@watertight/contracts';
import type { DeadLetterReader, StoredDeadLetter } from '@watertight/kafka';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/audit.store.ts';
import { badRequest, notFound } from '../http/api-error.ts';
import { readLimit } from '../http/read-range.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { maskShape } from './mask-shape.ts';
import type {
  DeadLetterRow,
  DeadLetters,
  DeadLettersQuery,
  ReplayDeadLetters,
  ReplayDeadLettersBody,
} from './operations.api.ts';
import { placeOf, type ReplaysStore } from './operations.store.ts';

/** Of each topic so many are looked at when only some of them are asked for. */
const LOOKED_AT_MAX = 500;
/** A larger original is not taken apart for its shape. */
const SHAPE_BYTES_MAX = 262_144;
const ORDER_KEY = /^[a-z0-9][a-z0-9-]{0,62}:.+$/;

/** Dead letters: seen without their content, and put back on the topic they came from. */
export class DeadLetterDesk {
  constructor(
    private readonly reader: Pick<DeadLetterReader, 'newest' | 'at' | 'putBack'>,
    private readonly replays: ReplaysStore,
    private readonly clock: Clock,
    private readonly topics: readonly string[] = ALL_TOPICS.flatMap(deadLetterTopicsOf),
  ) {}

  /** Newest first. Throws ApiError (404) for a topic that is no dead-letter topic. */
  async list({ topic, reason, marketplace, limit: wanted }: DeadLettersQuery): Promise<DeadLetters> {
    const limit = readLimit(wanted);
    if (topic !== undefined && !this.topics.includes(topic))
      throw notFound(`There is no dead-letter topic "${topic}"`);
    const topics = topic === undefined ? this.topics : [topic];
    const filtered = reason !== undefined || marketplace !== undefined;
    const letters = await this.reader.newest(topics, filtered ? LOOKED_AT_MAX : limit + 1);
    const replayed = await this.replays.replayedAt(topics);
    const rows = letters
      .map((letter) => rowOf(letter, replayed.get(placeOf(letter)) ?? null))
      .filter((row) => reason === undefined || row.reason === reason)
      .filter((row) => marketplace === undefined || isOf(row, marketplace))
      .sort((one, other) => (other.at ?? '').localeCompare(one.at ?? ''));
    return { asOf: this.clock.now().toISOString(), letters: rows.slice(0, limit), more: rows.length > limit };
  }

  /** Throws ApiError (400) for a topic that is no dead-letter topic. */
  async replay(body: ReplayDeadLettersBody, actor: Actor): Promise<ReplayDeadLetters> {
    const wrong = body.letters.find(({ topic }) => !this.topics.includes(topic));
    if (wrong !== undefined) throw badRequest(`"${wrong.topic}" is no dead-letter topic`);
    const preview = body.preview ?? false;
    const wanted = [...new Map(body.letters.map((letter) => [placeOf(letter), letter])).values()];
    const found = new Map((await this.reader.at(wanted)).map((letter) => [placeOf(letter), letter]));
    const before = await this.replays.replayedAt([...new Set(wanted.map(({ topic }) => topic))]);
    const skipped: ReplayDeadLetters['skipped'] = [];
    const chosen: StoredDeadLetter[] = [];
    for (const place of wanted) {
      const letter = found.get(placeOf(place));
      const because = whyNot(letter, before.get(placeOf(place)), body.again ?? false);
      if (letter !== undefined && because === null) chosen.push(letter);
      else skipped.push({ ...place, because: because ?? 'it cannot be read' });
    }
    if (!preview && chosen.length > 0) await this.#putBack(chosen, body.why, actor);
    return { preview, replayed: chosen.length, skipped };
  }

  /**
   * Noted first: a crash in between leaves a letter that says it was put back and was not, which a person can see and
   * do again; the other way round it could be put back twice unnoticed.
   */
  async #putBack(letters: readonly StoredDeadLetter[], why: string, actor: Actor): Promise<void> {
    const at = this.clock.now();
    await this.replays.transaction(async (transaction) => {
      await this.replays.note(transaction, letters, { by: actor.subject, at, why });
      const detail = { letters: letters.map(placeOf) };
      await writeAudit(transaction, actor, at, { action: 'dead_letters.replayed', about: null, why, detail });
    });
    await this.reader.putBack(letters);
  }
}

function whyNot(
  letter: StoredDeadLetter | undefined,
  replayedAt: string | undefined,
  again: boolean,
): string | null {
  if (letter === undefined) return 'it is no longer there';
  if (!wasOnTopic(letter)) return 'it never was on a topic: fetch the order from Mirakl again instead';
  if (!isWhereItBelongs(letter)) return 'it names another topic than the one whose dead letters it lies with';
  // Its author is another service than this one, and only this one may command: it must not lend its right to others.
  if (isCommand(letter)) return 'it is a command: ask for what it wanted again, in your own name';
  if (replayedAt !== undefined && !again) return `it was put back at ${replayedAt}`;
  return null;
}

function isReplayable(letter: StoredDeadLetter): boolean {
  return wasOnTopic(letter) && isWhereItBelongs(letter) && !isCommand(letter);
}

function wasOnTopic({ headers }: StoredDeadLetter): boolean {
  return headers[deadLetterHeaders.topic] !== undefined && headers[deadLetterHeaders.offset] !== undefined;
}

/** A letter says itself where it came from; whoever may write dead letters of one topic could name any other. */
function isWhereItBelongs({ topic, headers }: StoredDeadLetter): boolean {
  const [source, group] = [headers[deadLetterHeaders.topic], headers[deadLetterHeaders.group]];
  return source !== undefined && group !== undefined && topic === deadLetterTopicName(source, group);
}

function isCommand({ headers }: StoredDeadLetter): boolean {
  return headers[deadLetterHeaders.topic] === Topics.commands.name;
}

function isOf({ orderKey }: DeadLetterRow, marketplaceId: string): boolean {
  return orderKey !== null && marketplaceIdOf(orderKey) === marketplaceId;
}

function rowOf(letter: StoredDeadLetter, replayedAt: string | null): DeadLetterRow {
  const { topic, partition, offset, headers, value } = letter;
  const reason = headers[deadLetterHeaders.reason] ?? 'contract.invalid_message';
  const { meaning, whatToDo } = reasonWords(reason);
  const sourcePartition = headers[deadLetterHeaders.partition];
  return {
    topic,
    partition,
    offset,
    source: {
      topic: headers[deadLetterHeaders.topic] ?? '',
      partition: sourcePartition === undefined ? null : Number(sourcePartition),
      offset: headers[deadLetterHeaders.offset] ?? null,
    },
    group: headers[deadLetterHeaders.group] ?? '',
    stage: headers[deadLetterHeaders.stage] ?? '',
    reason,
    meaning,
    whatToDo,
    detail: headers[deadLetterHeaders.detail] ?? null,
    attempts: Number(headers[deadLetterHeaders.attempts] ?? 1),
    at: headers[deadLetterHeaders.at] ?? null,
    orderKey: orderKeyOf(letter),
    bytes: value?.length ?? 0,
    shape: shapeOf(value),
    replayable: isReplayable(letter),
    replayedAt,
  };
}

function orderKeyOf({ headers, key }: StoredDeadLetter): string | null {
  const candidates = [headers[ceHeaders.subject], key?.toString('utf8')];
  return candidates.find((text) => text !== undefined && ORDER_KEY.test(text)) ?? null;
}

function shapeOf(value: Buffer | null): unknown {
  if (value === null || value.length > SHAPE_BYTES_MAX) return null;
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'));
    return maskShape(parsed);
  } catch {
    // Not JSON: that is what is wrong with it, and its text may not be shown.
    return 'not JSON';
  }
}
