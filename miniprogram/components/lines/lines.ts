/** Crisis lines; a tap calls. */
import { defineComponent, type Happened } from '../../lib/page.js';

defineComponent<{ lines: unknown[] }, object, { call(event: Happened): void }>({
  properties: { lines: Array },
  data: {},
  methods: {
    call({ currentTarget: { dataset } }) {
      // Refused by the person: nothing to say.
      wx.makePhoneCall({ phoneNumber: String(dataset['phone']), fail: () => undefined });
    },
  },
});
