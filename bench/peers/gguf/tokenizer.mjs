// A tokenizer.json of the BPE kind as GGUF metadata. llama.cpp knows how text is split before BPE by a name, so the
// pre_tokenizer is recognised by its form, and an unknown one is refused: another split would give other tokens silently.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bool, integers, string, strings, u32 } from './file.mjs';

const TOKEN_TYPE = { normal: 1, control: 3, userDefined: 4, unused: 5 };

/** llama.cpp's name of each split that is known here, by the JSON of the pre_tokenizer without what has no influence. */
const SPLITS = new Map([
  ['ByteLevel(add_prefix_space=false,use_regex=true)', 'gpt-2'],
  ['Sequence(Digits(individual_digits=true),ByteLevel(add_prefix_space=false,use_regex=true))', 'smollm'],
  [
    String.raw`Sequence(Split((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+),ByteLevel(add_prefix_space=false,use_regex=false))`,
    'qwen2',
  ],
]);

/** Metadata of the tokenizer in a checkpoint folder with `vocabularySize` rows of embeddings. */
export function tokenizerMetadata(folder, vocabularySize) {
  const { model, pre_tokenizer: split, added_tokens: added = [] } = readJson(join(folder, 'tokenizer.json'));
  if (model?.type !== 'BPE') {
    throw new Error(`tokenizer.json: model.type is ${model?.type}, only BPE is written`);
  }
  const { tokens, types } = vocabulary(model.vocab, added, vocabularySize);
  const config = readJson(join(folder, 'tokenizer_config.json'));
  return [
    ['tokenizer.ggml.model', string('gpt2')],
    ['tokenizer.ggml.pre', string(splitName(split))],
    ['tokenizer.ggml.tokens', strings(tokens)],
    ['tokenizer.ggml.token_type', integers(types)],
    [
      'tokenizer.ggml.merges',
      strings(model.merges.map((pair) => (Array.isArray(pair) ? pair.join(' ') : pair))),
    ],
    ...specialTokens(config, tokens),
    ['tokenizer.ggml.add_bos_token', bool(config.add_bos_token ?? false)],
    ...chatTemplate(folder, config),
  ];
}

function vocabulary(vocab, added, size) {
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const types = Array.from({ length: size }, () => TOKEN_TYPE.unused);
  const put = (text, id, type) => {
    if (id >= size) {
      throw new Error(
        `tokenizer.json: token ${JSON.stringify(text)} has the id ${id}, the embeddings have ${size} rows`,
      );
    }
    tokens[id] = text;
    types[id] = type;
  };
  Object.entries(vocab).forEach(([text, id]) => put(text, id, TOKEN_TYPE.normal));
  added.forEach(({ content, id, special }) =>
    put(content, id, special ? TOKEN_TYPE.control : TOKEN_TYPE.userDefined),
  );
  return { tokens, types };
}

function splitName(split) {
  const form = splitForm(split);
  const name = SPLITS.get(form);
  if (name === undefined) {
    throw new Error(
      `tokenizer.json: no name is known in llama.cpp for the pre_tokenizer ${form}; known are ${[...SPLITS.values()].join(', ')}`,
    );
  }
  return name;
}

function splitForm(split) {
  switch (split?.type) {
    case 'Sequence':
      return `Sequence(${split.pretokenizers.map(splitForm).join(',')})`;
    case 'Digits':
      return `Digits(individual_digits=${split.individual_digits})`;
    case 'ByteLevel':
      return `ByteLevel(add_prefix_space=${split.add_prefix_space},use_regex=${split.use_regex})`;
    case 'Split':
      return `Split(${split.pattern.Regex ?? split.pattern.String})`;
    default:
      return JSON.stringify(split);
  }
}

function specialTokens(config, tokens) {
  const keys = {
    bos_token: 'bos_token_id',
    eos_token: 'eos_token_id',
    unk_token: 'unknown_token_id',
    pad_token: 'padding_token_id',
  };
  return Object.entries(keys).flatMap(([key, name]) => {
    const text = config[key]?.content ?? config[key];
    if (text == null) {
      return [];
    }
    const id = tokens.indexOf(text);
    if (id < 0) {
      throw new Error(`tokenizer_config.json: ${key} is ${JSON.stringify(text)}, which is no token`);
    }
    return [[`tokenizer.ggml.${name}`, u32(id)]];
  });
}

function chatTemplate(folder, config) {
  const file = join(folder, 'chat_template.jinja');
  const template = existsSync(file) ? readFileSync(file, 'utf8') : config.chat_template;
  return typeof template === 'string' ? [['tokenizer.chat_template', string(template)]] : [];
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
