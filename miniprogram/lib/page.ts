/**
 * Pages and components as functions of the stores. `view` says what is to be seen; it is asked again after every
 * change, once a turn, while the page is in front, and only what differs is handed to setData.
 */
import { client, session } from './hotline.js';
import { changes } from './diff.js';
import { duty, hours } from './duty.js';
import { timStore } from './tim.js';

export interface Shown<D> {
  data: D;
  setData(part: Record<string, unknown>): void;
}

type Methods = Record<string, (...args: never[]) => unknown>;

/** A tap, an input or whatever else WXML reports. */
export interface Happened<Detail = Record<string, unknown>> {
  detail: Detail;
  currentTarget: { dataset: Record<string, string | number | undefined> };
}

const stores = [client, session, timStore, duty, hours];

interface Follower {
  wanted: boolean;
  again: () => void;
  stop: () => void;
}
const followers = new WeakMap<object, Follower>();

function follow(self: object, again: () => void) {
  const follower: Follower = { wanted: false, again, stop: () => undefined };
  let queued = false;
  const change = () => {
    if (!queued) {
      queued = true;
      void Promise.resolve().then(() => {
        queued = false;
        if (follower.wanted) {
          again();
        }
      });
    }
  };
  const stops = stores.map((store) => store.subscribe(change));
  follower.stop = () => {
    follower.wanted = false;
    stops.forEach((stop) => stop());
  };
  followers.set(self, follower);
}

/** Shows what `view` says now, for a page that changed something of its own. */
export const refresh = (self: object) => {
  followers.get(self)?.again();
};

export function definePage<D extends object, M extends Methods>(options: {
  data: D;
  view?: (this: Shown<D> & M) => Partial<D>;
  methods: M & ThisType<Shown<D> & M>;
}) {
  type Self = Shown<D> & M;
  const { view, methods } = options;
  const given = methods as unknown as Record<
    string,
    ((this: Self, ...args: unknown[]) => unknown) | undefined
  >;
  Component({
    data: options.data as Record<string, unknown>,
    methods: {
      ...given,
      onLoad(this: Self, query: Record<string, string>) {
        given['onLoad']?.call(this, query);
        if (view !== undefined) {
          follow(this, () => {
            const part = changes(this.data, view.call(this));
            if (Object.keys(part).length > 0) {
              this.setData(part);
            }
          });
        }
      },
      onShow(this: Self) {
        const follower = followers.get(this);
        if (follower !== undefined) {
          follower.wanted = true;
          follower.again();
        }
        given['onShow']?.call(this);
      },
      onHide(this: Self) {
        const follower = followers.get(this);
        if (follower !== undefined) {
          follower.wanted = false;
        }
        given['onHide']?.call(this);
      },
      onUnload(this: Self) {
        followers.get(this)?.stop();
        given['onUnload']?.call(this);
      },
    },
  } as never);
}

export function defineComponent<P extends object, D extends object, M extends Methods>(options: {
  properties: Record<keyof P, unknown>;
  data: D;
  methods: M & ThisType<Shown<D & P> & M & { triggerEvent(name: string, detail?: unknown): void }>;
  attached?: (this: Shown<D & P> & M) => void;
}) {
  const { attached, ...rest } = options;
  Component({
    ...rest,
    options: { styleIsolation: 'apply-shared' },
    ...(attached === undefined ? {} : { lifetimes: { attached } }),
  } as never);
}
