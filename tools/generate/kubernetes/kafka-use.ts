import { type AppName, type TopicDefinition, Topics } from '@watertight/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an app's own code does at the brokers. */
export interface KafkaUse {
  /** Topics with a handler. */
  readonly reads: ReadonlySet<TopicDefinition>;
  /** Topics that messages are made for. */
  readonly writes: ReadonlySet<TopicDefinition>;
  /** Groups of others whose place on a topic it asks for, without reading the topic. */
  readonly looksAt: readonly { readonly group: string; readonly topic: TopicDefinition }[];
  /** Looks at the place of every group on every topic. */
  readonly watchesAll: boolean;
  /** Reads dead letters and puts them back on the topics they came from. */
  readonly replays: boolean;
  /** Reads its topics from the beginning, in a group made for the purpose. */
  readonly readsWhole: boolean;
}

const root = join(import.meta.dirname, '../../..');

/** The sources of an app that run in production. */
export function sourcesOf(app: AppName): readonly string[] {
  const folder = join(root, 'apps', app, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(?:spec|medium-spec|fixture)\.ts$/.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Read from the code, so that rights cannot fall behind it. Throws when it cannot tell what a file publishes. */
export function kafkaUseOf(sources: readonly string[]): KafkaUse {
  const all = sources.join('\n');
  return {
    reads: topicsIn(all, /@(?:Compacted)?BatchHandler\(Topics\.(\w+)\)/g),
    writes: new Set(sources.flatMap(writtenBy)),
    looksAt: looksAtIn(all),
    watchesAll: /\bnew LaneWatch\(/.test(all),
    replays: /\bnew DeadLetterReader\(/.test(all),
    readsWhole: /\breadWhole\(/.test(all),
  };
}

/** `{ group: 'other', topic: Topics.x.name }`, as GroupLag is asked about. */
function looksAtIn(text: string): KafkaUse['looksAt'] {
  const found = [...text.matchAll(/\bgroup: '([\w-]+)', topic: Topics\.(\w+)\.name\b/g)];
  if (found.length === 0 && /\blag\.messages\(/.test(text)) {
    throw new Error('cannot tell whose place on which topic lag.messages(…) asks for');
  }
  return found.map(([, group = '', topic = '']) => ({ group, topic: topicOf(topic) }));
}

/** `outgoing(Topics.x, …)`, `outgoing(topics.x, …)`, or `outgoing(name, …)` where the name's default stands beside. */
function writtenBy(source: string): readonly TopicDefinition[] {
  return [...source.matchAll(/\boutgoing\(\s*([\w.]+)/g)].map(([, argument = '']) => {
    const [, member] = /^[tT]opics\.(\w+)$/.exec(argument) ?? [];
    if (member !== undefined) return topicOf(member);
    const [, fallback] = new RegExp(`\\b${argument} = Topics\\.(\\w+)`).exec(source) ?? [];
    if (fallback === undefined) throw new Error(`cannot tell which topic outgoing(${argument}, …) is for`);
    return topicOf(fallback);
  });
}

function topicsIn(text: string, pattern: RegExp): ReadonlySet<TopicDefinition> {
  return new Set([...text.matchAll(pattern)].map(([, name = '']) => topicOf(name)));
}

function topicOf(member: string): TopicDefinition {
  const found = new Map<string, TopicDefinition>(Object.entries(Topics)).get(member);
  if (found === undefined) throw new Error(`there is no topic Topics.${member}`);
  return found;
}
