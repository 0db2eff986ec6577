import { flag, integer, oneOf, port, text } from '@watertight/service';

/** Every variable of the sandbox. All have a default: `node main.js` alone gives a shop with a year behind it. */
export const sandboxVariables = {
  PORT: port({ describe: 'Port on 127.0.0.1; 0 takes any free one.', example: '4401', default: 0 }),
  WATCH_PARENT_STDIN: flag({
    describe: 'End when standard input closes, that is, when the starting process is gone.',
    example: '1',
    default: false,
  }),
  SANDBOX_SEED: integer({
    describe: 'The same seed gives the same buyers, orders and chances.',
    example: '1',
    default: 1,
    min: 0,
    max: 2_000_000_000,
  }),
  SANDBOX_HISTORY_ORDERS: integer({
    describe: 'Orders of the past, over all marketplaces.',
    example: '1200',
    default: 1200,
    min: 0,
    max: 2_000_000,
  }),
  SANDBOX_HISTORY_DAYS: integer({
    describe: 'Days over which the past spreads.',
    example: '365',
    default: 365,
    min: 1,
    max: 5_000,
  }),
  SANDBOX_HISTORY_END: text({
    describe: 'Date-time at which the past ends; empty or "midnight": the last midnight in UTC.',
    example: '2026-11-01T00:00:00Z',
    default: 'midnight',
    pattern: /^(?:midnight|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/,
  }),
  SANDBOX_LIVE_ORDERS_PER_MINUTE: integer({
    describe: 'New orders per minute over all marketplaces; 0 = nothing new, and the past stands still.',
    example: '20',
    default: 20,
    min: 0,
    max: 60_000,
  }),
  SANDBOX_LIFE_SPEED: text({
    describe: 'How fast live orders live on: at 1 each stage takes 5 to 20 seconds, at 10 a tenth of that.',
    example: '1',
    default: '1',
    pattern: /^(?!0+(?:\.0+)?$)\d{1,4}(?:\.\d{1,3})?$/,
  }),
  SANDBOX_KLAVIYO_QUOTA: oneOf(['enforced', 'off'], {
    describe: "Whether Klaviyo's published quotas hold.",
    example: 'enforced',
    default: 'enforced',
  }),
  SANDBOX_KLAVIYO_STORE_DELAY_MS: integer({
    describe: 'Milliseconds between the 202 and the moment from which an event can be read back.',
    example: '300',
    default: 300,
    min: 0,
    max: 3_600_000,
  }),
  SANDBOX_KLAVIYO_KEEP: oneOf(['full', 'lean'], {
    describe: 'What is kept of event properties: all, or for very large runs only the order id.',
    example: 'full',
    default: 'full',
  }),
};
