/** Log-in: user name and password; what ended the last session is said above the form. */
import { useEffect, useState } from 'react';
import { Alert, Button, Form, Input, type InputRef } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http.js';
import { logIn } from '../api/session.js';
import type { SignedOutReason } from '../state/session.js';
import { zhCN } from '../locales/zh-CN.js';
import { setTitle } from '../ui/badge.js';
import { sentenceOf } from '../ui/problem.js';
import { Logo } from '../shell/logo.js';

interface Fields {
  username: string;
  password: string;
}

/** The server names reasons in words of its own; one we don't know still gets a sentence. */
function useReason(reason: SignedOutReason) {
  const { t } = useTranslation();
  if (reason === 'none') return null;
  const key = reason.toLowerCase();
  return key in zhCN.signedOut ? t(`signedOut.${key as keyof typeof zhCN.signedOut}`) : t('signedOut.other');
}

export function LoginPage({ reason }: { reason: SignedOutReason }) {
  const { t } = useTranslation();
  const why = useReason(reason);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<Fields>();
  const password = useRef<InputRef>(null);

  useEffect(() => {
    setTitle(`${t('login.title')} · ${t('product')}`);
  }, [t]);

  const submit = async ({ username, password: secret }: Fields) => {
    setBusy(true);
    setProblem(null);
    try {
      await logIn(username.trim(), secret);
    } catch (error) {
      const kind = error instanceof ApiError ? error.kind : null;
      setProblem(
        kind === 'limited'
          ? t('login.limited')
          : kind === 'signed-out'
            ? t('login.noCookie')
            : sentenceOf(error),
      );
      setBusy(false);
      password.current?.focus({ cursor: 'all' });
    }
  };

  return (
    <main className="login" data-testid="login-page">
      <section className="login-card" aria-labelledby="login-title">
        <header>
          <Logo size={44} />
          <div>
            <h1 id="login-title">{t('product')}</h1>
            <p>
              {t('login.title')} · {t('login.subtitle')}
            </p>
          </div>
        </header>
        {why && !problem && (
          <Alert
            type={reason === 'logged-out' ? 'success' : 'warning'}
            title={why}
            showIcon
            data-testid="signed-out-reason"
          />
        )}
        {problem && <Alert type="error" title={problem} showIcon role="alert" data-testid="login-error" />}
        <Form<Fields>
          form={form}
          layout="vertical"
          requiredMark={false}
          size="large"
          onFinish={(fields) => void submit(fields)}
          validateTrigger="onSubmit"
        >
          <Form.Item
            name="username"
            label={t('login.username')}
            rules={[{ required: true, whitespace: true, message: t('login.needUsername') }]}
          >
            <Input autoFocus autoComplete="username" maxLength={64} data-testid="login-username" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('login.password')}
            rules={[{ required: true, message: t('login.needPassword') }]}
          >
            <Input.Password ref={password} autoComplete="current-password" data-testid="login-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={busy} data-testid="login-submit">
            {t('login.submit')}
          </Button>
        </Form>
        <p className="login-help">{t('login.help')}</p>
      </section>
    </main>
  );
}
