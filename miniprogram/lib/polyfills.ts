/** What shared code takes for granted and phones of a few years do not have: iOS before 15.4, old Android WebViews. */
const define = (target: object, name: string, value: unknown) => {
  if (!(name in target)) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
};

define(Array.prototype, 'at', function at(this: unknown[], index: number) {
  return this[index < 0 ? this.length + index : index];
});
define(Object, 'hasOwn', (target: object, key: string) => Object.prototype.hasOwnProperty.call(target, key));
define(String.prototype, 'toWellFormed', function toWellFormed(this: string) {
  // Halves of a pair come alone; whole ones come as one.
  return Array.from(this, (letter) => (/^[\ud800-\udfff]$/.test(letter) ? '\ufffd' : letter)).join('');
});
