import '../fleet/main.ts';
