// Plain Node: JSON.stringify, crypto, URLSearchParams. The driver, benches/contest.py, says what the commands mean.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

const [SID, KEY, SECRET, SALT] = ['wdtapi3', 'appkey', 'testsecret', 'testsalt'];
const METHOD = 'sales.StockSync.syncFail';
const UNIX_TIME = 1775791716;

const folder = process.argv[2];
const raw = fs.readFileSync(path.join(folder, 'raw.json'), 'utf8');
const reply = fs.readFileSync(path.join(folder, 'reply.json'));

// JavaScript has one type of number.
const DOCUMENTED = {
  syn_stock: 1, stock_change_count: 2, stock_syn_rule_id: -10000, stock_syn_rule_no: '', stock_syn_warehouses: '6',
  stock_syn_mask: 0, stock_syn_percent: 100, stock_syn_plus: 1.0, stock_syn_min: 1.0, stock_syn_max: 550.0,
  is_auto_listing: true, is_auto_delisting: true,
};
const SIXTEEN = {
  syn_stock: 1.0, stock_change_count: 2.0, stock_syn_rule_id: -10000, stock_syn_rule_no: '', stock_syn_other: '',
  stock_syn_warehouses: '6,12', stock_syn_mask: 0, stock_syn_percent: 100, stock_syn_plus: 1.0, stock_syn_min: 1.0,
  stock_syn_max: 550.0, is_auto_listing: true, is_auto_delisting: true, is_syn_success: false, is_manual: false,
  syn_result: '平台接口限流，稍后重试',
};

// The one-shot function is the faster where Node has it (20.12 and newer).
const md5 = crypto.hash
  ? (text) => crypto.hash('md5', text, 'hex')
  : (text) => crypto.createHash('md5').update(text).digest('hex');

function build(body) {
  const params = {
    sid: SID, key: KEY, salt: SALT, method: METHOD, timestamp: String(UNIX_TIME - 1325347200), v: '1.0',
  };
  const signed = { ...params, body };
  let text = SECRET;
  for (const key of Object.keys(signed).sort()) text += key + signed[key];
  params.sign = md5(text + SECRET);
  return [new URLSearchParams(params).toString(), Buffer.from(body)];
}

const TASKS = {
  typed: () => build(JSON.stringify([2447, DOCUMENTED])),
  sixteen: () => build(JSON.stringify([2447, SIXTEEN])),
  raw: () => build(raw),
  parse: () => JSON.parse(reply),
};

let kept = null; // what the last call made, so that none is left out
function run(task, times) {
  const call = TASKS[task];
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i++) kept = call();
  const end = process.hrtime.bigint();
  kept = null;
  return String(end - start);
}

function show(task, value) {
  if (task === 'parse') {
    const goods = TASKS.parse().data.goods_list;
    return [goods.length, JSON.stringify(goods[0].spec_list[0].retail_price), goods.at(-1).spec_list[2].barcode].join('\t');
  }
  const made = value === undefined
    ? TASKS[task]()
    : build(JSON.stringify([2447, { ...DOCUMENTED, syn_stock: Number(value) }]));
  return `${made[0]}\t${made[1]}`;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [command, task, rest] = line.split(' ');
  process.stdout.write(`${command === 'run' ? run(task, Number(rest)) : show(task, rest)}\n`);
}
