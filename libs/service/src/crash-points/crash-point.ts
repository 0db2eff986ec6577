import type { CrashPoint } from './crash-point-names.ts';

/**
 * Nothing. Tests of crashes load the armed one in its place, by the export condition `crash-points`; it is no part of
 * the image that runs in production.
 */
export function crashPoint(_name: CrashPoint): void {}
