/** What a service's exit code tells the one who started it. The numbers are those of sysexits.h. */
export const exitCodes = {
  /** Asked to stop, and drained. */
  stopped: 0,
  /** An unknown error: a bug. The log ends with one line of level fatal. */
  unknownError: 70,
  /** Something that the service needs at start does not answer. Starting again later can help. */
  unavailable: 75,
  /** The settings are wrong. Starting again cannot help; standard error names every problem. */
  configuration: 78,
} as const;
