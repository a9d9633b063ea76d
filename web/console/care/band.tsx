/** How much risk, in a word and a colour; never by the colour alone. */
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RiskLevel } from '../../../contract/enums.js';

const COLOURS: Record<RiskLevel, string> = {
  none: 'default',
  low: 'default',
  moderate: 'warning',
  high: 'error',
};

export function Band({ band, score }: { band: RiskLevel | null; score?: number | null }) {
  const { t } = useTranslation();
  if (band === null) return t('common.none');
  return (
    <Tag color={COLOURS[band]} data-testid="band" data-band={band}>
      {t(`risk.band.${band}`)}
      {score !== undefined && score !== null && ` · ${t('risk.points', { n: score })}`}
    </Tag>
  );
}
