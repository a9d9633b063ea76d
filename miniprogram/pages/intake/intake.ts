import { goBack } from '../../lib/go.js';
import { api, session } from '../../lib/hotline.js';
import { definePage, type Happened } from '../../lib/page.js';
import { phoneOf, type PhoneButton } from '../../lib/phone.js';
import { wordsOfError } from '../../lib/start.js';
import { own } from '../../lib/words.js';

interface Data {
  name: string;
  phone: string;
  contact: string;
  contactPhone: string;
  busy: boolean;
  error: string;
  words: Record<string, string>;
}
const FIELDS = ['name', 'phone', 'contact', 'contactPhone'] as const;

definePage<
  Data,
  {
    onLoad(): void;
    write(event: Happened<{ value: string }>): void;
    fill(event: { detail: PhoneButton }): Promise<void>;
    save(): Promise<void>;
    skip(): void;
  }
>({
  data: {
    name: '',
    phone: '',
    contact: '',
    contactPhone: '',
    busy: false,
    error: '',
    words: {
      title: own('intakeTitle'),
      hint: own('intakeHint'),
      name: own('intakeName'),
      phone: own('intakePhone'),
      fill: own('intakeFill'),
      contact: own('intakeContact'),
      contactPhone: own('intakeContactPhone'),
      save: own('intakeSave'),
      skip: own('intakeSkip'),
    },
  },
  methods: {
    onLoad() {
      this.setData({ name: session.getState().me?.name ?? '' });
    },
    write({ detail: { value }, currentTarget: { dataset } }) {
      const field = FIELDS.find((name) => name === dataset['field']);
      if (field !== undefined) {
        this.data[field] = value;
      }
    },
    async fill({ detail }) {
      const phone = await phoneOf(detail);
      // Saying no is no error.
      const refused = phone === '' && !detail.errMsg.endsWith(':ok');
      this.setData(phone === '' ? { error: refused ? '' : own('intakeNoPhone') } : { phone, error: '' });
    },
    async save() {
      const { name, phone, contact, contactPhone } = this.data;
      this.setData({ busy: true, error: '' });
      try {
        await api.post('/user/update', {
          name: name.trim(),
          phoneNumber: phone.trim(),
          emergencyContact: contact.trim(),
          emergencyPhone: contactPhone.trim(),
        });
        goBack();
      } catch (error) {
        this.setData({ busy: false, error: wordsOfError(error) });
      }
    },
    skip: goBack,
  },
});
