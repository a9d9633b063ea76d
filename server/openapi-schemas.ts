/** Zod objects as JSON schemas: named ones once, under components. */
import { z } from 'zod';

export type Json = Record<string, unknown>;

export interface ObjectSchema extends Json {
  properties: Record<string, Json>;
  required: string[];
}

export interface Schemas {
  /** What a client sends; always an object at the top. */
  input(schema: z.ZodType): ObjectSchema;
  /** What we answer; a reference where the schema has a name. */
  answer(schema: z.ZodType): Json;
  /** Every named schema met so far. */
  named: Record<string, Json>;
}

export function createSchemas(): Schemas {
  const named: Record<string, Json> = {};
  const keep = (defs: Record<string, Json>) => Object.assign(named, defs);
  return {
    named,
    input(schema) {
      const { root, defs } = convert(schema, 'input');
      const name = typeof root['$ref'] === 'string' ? (root['$ref'].split('/').at(-1) ?? '') : '';
      const { [name]: own = root, ...others } = defs;
      // An input is spelled out where it is asked for: its fields are parameters as often as a body.
      keep(others);
      const { id: _id, ...object } = own;
      return {
        ...object,
        properties: (object['properties'] ?? {}) as Record<string, Json>,
        required: (object['required'] ?? []) as string[],
      };
    },
    answer(schema) {
      const { root, defs } = convert(schema, 'output');
      keep(defs);
      const { id, ...told } = root;
      if (typeof id !== 'string') return told;
      keep({ [id]: told });
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

function convert(schema: z.ZodType, io: 'input' | 'output'): { root: Json; defs: Record<string, Json> } {
  const {
    $schema: _dialect,
    $defs = {},
    ...root
  }: Json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      tidy(jsonSchema, io);
      if (io === 'input') requireOnlyWhatIsDue(zodSchema, jsonSchema);
    },
  });
  const defs = Object.entries($defs as Record<string, Json>);
  return { root: moved(root), defs: Object.fromEntries(defs.map(([name, each]) => [name, moved(each)])) };
}

/** References to where the named ones are kept. */
function moved(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

/** Bounds that say only "a safe integer" say nothing; an answer may have further fields one day. */
function tidy(schema: Json, io: 'input' | 'output'): void {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (io === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
}

/** Whatever stands a field being left out (a preprocessed default) is not required, whatever zod's types say. */
function requireOnlyWhatIsDue(schema: z.core.$ZodTypes, made: Json): void {
  if (schema._zod.def.type !== 'object') return;
  const shape = schema._zod.def.shape as Record<string, z.ZodType>;
  const due = Object.keys(shape).filter((name) => !shape[name]?.safeParse(undefined).success);
  if (due.length > 0) made['required'] = due;
  else delete made['required'];
}
