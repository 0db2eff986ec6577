import { REASONS } from '../../libs/contracts/src/reasons.ts';
import { buildOpenApi } from '../../apps/leakage-monitor/src/http/build-openapi.ts';
import { ROUTES } from '../../apps/leakage-monitor/src/http/routes.ts';
import { type GeneratedFiles, json } from './contract-files.ts';

/**
 * The OpenAPI document of leakage-monitor, from the schemas that its calls check with; and the registry of reasons for
 * the console, which shows it without taking the validation of messages into the browser.
 */
export function apiFiles(): GeneratedFiles {
  return new Map([
    ['apps/leakage-monitor/openapi.json', json(buildOpenApi(ROUTES))],
    ['apps/console/src/help/reasons.json', json(REASONS)],
  ]);
}
