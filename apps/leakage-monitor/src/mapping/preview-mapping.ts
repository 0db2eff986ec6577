import { type AttributeMapping, type MarketplacePolicy, problemOfField } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { badRequest, notFound } from '../http/api-error.ts';
import { buildCoverage } from './build-coverage.ts';
import { buildPreview, mappingYaml } from './build-preview.ts';
import type { CoverageStore } from './coverage.store.ts';
import type { Coverage, Preview, PreviewBody } from './mapping.api.ts';
import type { RecentFactsStore } from './recent-facts.store.ts';

/** What the orders carry, what of it is mapped, and what a changed mapping would make of them. Changes nothing. */
export class PreviewMapping {
  constructor(
    private readonly coverages: CoverageStore,
    private readonly facts: RecentFactsStore,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError (404) for a marketplace that is not in marketplaces.yaml. */
  async coverage(marketplace: string | undefined): Promise<Coverage> {
    const chosen = marketplace === undefined ? this.policies : [this.#policy(marketplace)];
    const words = await this.coverages.read(marketplace ?? null);
    return {
      asOf: this.clock.now().toISOString(),
      marketplaces: chosen.map(({ id, name }) => buildCoverage({ marketplaceId: id, name }, words)),
    };
  }

  /** The mapping as loaded. Throws ApiError as `coverage`. */
  async loaded(marketplace: string): Promise<Preview> {
    const { attributes } = this.#policy(marketplace);
    return this.#preview(marketplace, attributes);
  }

  /** A changed mapping beside the loaded one. Throws ApiError: 404 as `coverage`, 400 for a field that is none. */
  async changed({ marketplace, attributes }: PreviewBody): Promise<Preview> {
    const wrong = attributes.map(({ from }) => problemOfField(from)).find((problem) => problem !== undefined);
    if (wrong !== undefined) throw badRequest(wrong);
    return this.#preview(marketplace, attributes);
  }

  async #preview(marketplace: string, mappings: readonly AttributeMapping[]): Promise<Preview> {
    const policy = this.#policy(marketplace);
    const facts = await this.facts.newest(marketplace);
    return {
      asOf: this.clock.now().toISOString(),
      marketplaceId: marketplace,
      mappings: mappings.map(({ from, to, on, as }) => ({ from, to, on, as })),
      ...buildPreview(facts, policy.attributes, mappings, policy.contact),
      yaml: mappingYaml(mappings),
    };
  }

  #policy(marketplace: string): MarketplacePolicy {
    const policy = this.policies.find(({ id }) => id === marketplace);
    if (policy === undefined) throw notFound(`There is no marketplace "${marketplace}" in marketplaces.yaml`);
    return policy;
  }
}
