/**
 * Linearizability of one object's history, by just-in-time linearization: walks calls and returns in order and
 * keeps every state that some legal order could have led to. A call that never returned may have taken effect at
 * any later time, or not at all. Pure.
 */

/** One call: what was asked, what was answered, and when (any clock that never runs back). */
export interface Call<Input, Output> {
  input: Input;
  /** undefined = no answer came: open-ended. */
  output: Output | undefined;
  calledAt: number;
  returnedAt: number;
}

export interface Spec<State, Input, Output> {
  first: State;
  /** The next state when this answer is legal here, else null. With no answer: the state if it takes effect. */
  apply(state: State, input: Input, output: Output | undefined): State | null;
  /** Equal states have equal keys. */
  key(state: State): string;
}

interface Config<State> {
  state: State;
  /** Calls under way that have taken effect already. */
  done: ReadonlySet<number>;
}

/** @returns null when it is linearizable, else the index of the call that no order explains */
export function refute<State, Input, Output>(
  spec: Spec<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): number | null {
  const events = calls
    .flatMap((call, index) => [
      { at: call.calledAt, index, returns: false },
      ...(call.output === undefined ? [] : [{ at: call.returnedAt, index, returns: true }]),
    ])
    // At one moment calls come first: that is the weaker claim.
    .sort((a, b) => a.at - b.at || Number(a.returns) - Number(b.returns));
  const pending = new Set<number>();
  let configs = new Map<string, Config<State>>();
  const put = (into: typeof configs, config: Config<State>) => {
    const key = `${spec.key(config.state)}|${[...config.done].sort((a, b) => a - b).join()}`;
    if (into.has(key)) return false;
    into.set(key, config);
    return true;
  };
  put(configs, { state: spec.first, done: new Set() });
  for (const { index, returns } of events) {
    if (!returns) {
      pending.add(index);
      continue;
    }
    // Everything that can be reached by letting calls under way take effect.
    const reached = new Map(configs);
    const work = [...configs.values()];
    for (let config = work.pop(); config; config = work.pop()) {
      if (config.done.has(index)) continue;
      for (const other of pending) {
        if (config.done.has(other)) continue;
        const call = calls[other] as Call<Input, Output>;
        const state = spec.apply(config.state, call.input, call.output);
        if (state === null) continue;
        const next = { state, done: new Set([...config.done, other]) };
        if (put(reached, next)) work.push(next);
      }
    }
    configs = new Map();
    for (const { state, done } of reached.values())
      if (done.has(index)) put(configs, { state, done: new Set([...done].filter((each) => each !== index)) });
    pending.delete(index);
    if (configs.size === 0) return index;
  }
  return null;
}

/** Seats of one counselor: a set with a cap (I5). */
export type SeatCall = { act: 'take' | 'free'; conversation: string } | { act: 'cap'; cap: number };
export interface SeatState {
  cap: number;
  held: readonly string[];
}

export const seatSpec = (cap: number): Spec<SeatState, SeatCall, boolean> => ({
  first: { cap, held: [] },
  apply(state, input, output) {
    if (input.act === 'cap') return { ...state, cap: input.cap };
    const { conversation } = input;
    if (input.act === 'free') return { ...state, held: state.held.filter((each) => each !== conversation) };
    const can = state.held.length < state.cap && !state.held.includes(conversation);
    if (output !== undefined && output !== can) return null;
    return can ? { ...state, held: [...state.held, conversation] } : state;
  },
  key: (state) => `${String(state.cap)}:${[...state.held].sort().join()}`,
});

/**
 * Who owns one conversation: given while it waits, given back by its owner alone (I6). A claim may always fail, for
 * instance on the claimant's old seat that is not pulled yet: that costs a try, and T7 looks at how long.
 */
export type ClaimCall = { act: 'claim' | 'give-back'; counselor: string };

export const claimSpec: Spec<string, ClaimCall, boolean> = {
  // Nobody; null is taken, it means an answer that is not legal.
  first: '',
  apply(owner, { act, counselor }, output) {
    const can = act === 'claim' ? owner === '' : owner === counselor;
    if (act === 'claim' && output === false) return owner;
    if (output !== undefined && output !== can) return null;
    if (!can) return owner;
    return act === 'claim' ? counselor : '';
  },
  key: (owner) => owner,
};
