import { Badge, createTheme, defaultVariantColorsResolver, Tooltip } from '@mantine/core';

/** One accent colour; red is kept for money that is leaking now, so nothing else may use it. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
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
  // The library's own light variants are too pale to read: their words need a contrast of 4.5 to 1.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant !== 'light' || input.color === undefined || input.color.includes('.')) return colors;
    const name = input.color === '' ? 'cyan' : input.color;
    // Even the darkest yellow is pale.
    const dark = ['yellow', 'orange'].includes(name)
      ? '#5f3b00'
      : `color-mix(in srgb, var(--mantine-color-${name}-9), black 25%)`;
    return { ...colors, color: `light-dark(${dark}, var(--mantine-color-${name}-2))` };
  },
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 500, miw: 'max-content', variant: 'light' } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        multiline: true,
        w: 300,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
});
