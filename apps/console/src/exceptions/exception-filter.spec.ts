import { describe, expect, it } from '@jest/globals';
import type { Filters } from '../address/use-filters.ts';
import { type ExceptionFilterName, filterOf } from './exception-filter.ts';

const NOTHING: Filters<ExceptionFilterName> = {
  view: '',
  state: '',
  reason: '',
  marketplace: '',
  owner: '',
  assignee: '',
  due: '',
  age: '',
  reopened: '',
  order: '',
};

describe('filters of the address', () => {
  it('say nothing where nothing is chosen', () => {
    expect(filterOf(NOTHING)).toEqual({});
  });

  it('go to the API as they are', () => {
    expect(filterOf({ ...NOTHING, state: 'all', owner: 'platform', reason: 'klaviyo.rejected' })).toEqual({
      state: 'all',
      owner: 'platform',
      reason: 'klaviyo.rejected',
    });
  });

  it('leave out words that the API does not know, so that an old link still opens', () => {
    expect(filterOf({ ...NOTHING, state: 'gone', owner: 'nobody', age: '1d_3d', reopened: 'yes' })).toEqual({
      age: '1d_3d',
    });
  });
});
