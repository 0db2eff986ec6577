import type { Json } from '../../http/json.ts';

/** A segment as the account keeps it. The double does not work out who is in it. */
export interface StoredSegment {
  readonly id: string;
  readonly createdMs: number;
  name: string;
  definition: Json;
  updatedMs: number;
  isStarred: boolean;
  isActive: boolean;
}

/** An email template as the account keeps it. */
export interface StoredTemplate {
  readonly id: string;
  readonly createdMs: number;
  readonly editorType: string;
  name: string;
  html: string;
  text: string | null;
  updatedMs: number;
}

/** Segments and templates of one account, in the order in which they were made. */
export class AssetBook {
  readonly segments: StoredSegment[] = [];
  readonly templates: StoredTemplate[] = [];
  private made = 0;

  /** Six characters, as Klaviyo's ids of segments and templates have. */
  nextId(): string {
    this.made += 1;
    return `A${this.made.toString(36).toUpperCase().padStart(5, '0')}`;
  }
}
