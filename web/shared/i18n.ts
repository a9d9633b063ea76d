/** A typed catalogue for pages that have no room for an i18n library: the first language names the keys. */
type Values = Record<string, string | number>;

export function createCatalogue<Texts extends Record<string, string>>(
  first: Texts,
  others: Record<string, Record<keyof Texts, string>>,
  language: string,
) {
  const texts =
    Object.entries(others).find(([code]) => language.toLowerCase().startsWith(code))?.[1] ?? first;
  return (key: keyof Texts, values: Values = {}): string =>
    texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
