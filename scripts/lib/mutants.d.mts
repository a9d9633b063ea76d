export interface Edit {
  file: string;
  from: string;
  to: string;
}
export interface Mutant {
  name: string;
  /** The promise of invariants.md that it breaks. */
  promise: string;
  edits: Edit[];
  /** The test that must turn red. */
  caught: { file: string; test: string; env?: Record<string, string> };
}
export const MUTANTS: Mutant[];
