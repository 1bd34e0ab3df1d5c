package dev.weft.grammar.reply;

import tools.jackson.databind.JsonNode;

/**
 * A piece of JSON between two texts.
 *
 * @param begin not empty
 * @param schema of the JSON
 */
public record Tag(String begin, JsonNode schema, String end) {}
