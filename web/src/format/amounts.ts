/** Points and won: whole numbers, grouped by thousands. */
const GROUPED = new Intl.NumberFormat("ko-KR", { maximumFractionDigits: 0 });

export const formatAmount = (amount: number): string => GROUPED.format(amount);
