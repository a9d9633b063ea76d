/**
 * V8 lets a heap grow to several times what is alive in it before it looks for garbage. A batch of PDFs leaves much
 * garbage behind that lived for a second, so a worker with 75 MB alive went to 430 MB. With this it looks again when
 * the heap has grown by a third (docs/performance.md, "Exports"). It costs a worker a little time; a process that
 * also serves people is left as it is.
 */
import { setFlagsFromString } from 'node:v8';

export function keepHeapSmall(): void {
  // Read anew at every turn of the collector, so that it may be set in a running process.
  setFlagsFromString('--heap-growing-percent=30');
}
