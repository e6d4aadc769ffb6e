// biome-ignore lint/style/noDefaultExport: Next wants it
export default ({ children }) => (
  <html lang="en">
    <body>{children}</body>
  </html>
)
