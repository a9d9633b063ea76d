/** One step in a case: sent, told, and everything about risk asked for anew. */
import { useStepOf } from '../api/step.js';
import { CARE } from './api.js';

/** @param done after the lists show it */
export const useStep = (done?: () => void) => useStepOf(CARE, done);
