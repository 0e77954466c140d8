-- Nothing reads how many cancels Toss has refused: since 0005 each refusal is a row of cancels.
alter table payments drop column cancels_refused;
