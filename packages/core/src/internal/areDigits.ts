/** Whether there are only digits: faster than a regular expression, for what is asked about each item of a delivery. */
export const areDigits = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}
