/** How the connection stands, in words; shown only while it does not stand well. */
import { defineComponent } from '../../lib/page.js';

defineComponent<{ state: string; words: string }, object, Record<string, never>>({
  properties: { state: String, words: String },
  data: {},
  methods: {},
});
