import { Badge, createTheme, Tooltip } from '@mantine/core';

/** One accent colour; red is kept for money that is leaking now, so nothing else may use it. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 4 },
  autoContrast: true,
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 500, miw: 'max-content', variant: 'light' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { multiline: true, w: 300, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
