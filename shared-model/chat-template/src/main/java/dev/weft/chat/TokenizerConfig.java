package dev.weft.chat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chat settings of a Hugging Face folder: its templates and its special tokens. Values that the
 * folder does not give are empty or null.
 *
 * @param chatTemplates sources by name; {@link #DEFAULT_TEMPLATE} if the folder has but one
 * @param specialTokens text by attribute: {@code bos_token} and every other key that ends in {@code
 *     _token}; also those of {@code extra_special_tokens} and {@code
 *     model_specific_special_tokens}, whatever they are called
 * @param additionalSpecialTokens {@code additional_special_tokens}
 * @param addBosToken {@code add_bos_token}, carried along; the post-processor of tokenizer.json
 *     says whether a plain prompt starts with the bos token, as it does for transformers
 * @param modelMaxLength {@code model_max_length} in tokens, null also if it stands for "very large"
 * @param responseTemplate {@code response_template} as JSON, keys in order: how to read replies;
 *     null if there is none
 */
public record TokenizerConfig(
        Map<String, String> chatTemplates,
        Map<String, String> specialTokens,
        List<String> additionalSpecialTokens,
        @Nullable Boolean addBosToken,
        @Nullable Long modelMaxLength,
        @Nullable String responseTemplate) {

    /** Name of the template that is used if a request asks for no other. */
    public static final String DEFAULT_TEMPLATE = "default";

    /** Name of the template that is used if a request brings tools. */
    public static final String TOOL_TEMPLATE = "tool_use";

    /** A configuration without any values. */
    public static final TokenizerConfig EMPTY =
            new TokenizerConfig(Map.of(), Map.of(), List.of(), null, null, null);

    public TokenizerConfig {
        chatTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplates));
        specialTokens = Collections.unmodifiableMap(new LinkedHashMap<>(specialTokens));
        additionalSpecialTokens = List.copyOf(additionalSpecialTokens);
    }

    /**
     * Reads tokenizer_config.json, special_tokens_map.json, chat_template.jinja and
     * additional_chat_templates/*.jinja, each if it is there.
     *
     * @throws IOException if a file can't be read or holds a value that is not allowed; names file
     *     and field
     */
    public static TokenizerConfig read(Path folder) throws IOException {
        return new TokenizerConfigReader(folder).read();
    }

    /**
     * A tokenizer_config.json with the same values, keys in order, but without {@link
     * #modelMaxLength} and the order of templates; empty if there is nothing to say.
     */
    public SortedMap<String, Object> json() {
        SortedMap<String, Object> json = new TreeMap<>();
        SortedMap<String, String> extra = new TreeMap<>();
        specialTokens.forEach((attribute, text) -> {
            if (TokenizerConfigReader.ATTRIBUTES.contains(attribute)) {
                json.put(attribute, text);
            } else {
                extra.put(attribute, text);
            }
        });
        if (!extra.isEmpty()) {
            json.put("extra_special_tokens", extra);
        }
        if (!additionalSpecialTokens.isEmpty()) {
            json.put("additional_special_tokens", additionalSpecialTokens);
        }
        if (addBosToken != null) {
            json.put("add_bos_token", addBosToken);
        }
        if (responseTemplate != null) {
            json.put("response_template", TokenizerConfigReader.node(responseTemplate));
        }
        if (chatTemplates.keySet().equals(Set.of(DEFAULT_TEMPLATE))) {
            json.put("chat_template", chatTemplates.get(DEFAULT_TEMPLATE));
        } else if (!chatTemplates.isEmpty()) {
            json.put("chat_template", namedTemplates());
        }
        return json;
    }

    private List<SortedMap<String, String>> namedTemplates() {
        List<SortedMap<String, String>> named = new ArrayList<>();
        new TreeMap<>(chatTemplates)
                .forEach((name, template) ->
                        named.add(new TreeMap<>(Map.of("name", name, "template", template))));
        return named;
    }

    /**
     * This folder's values if it has them, else those of {@code base}. A folder with other
     * templates takes no response template from {@code base}.
     */
    public TokenizerConfig over(TokenizerConfig base) {
        Map<String, String> tokens = new LinkedHashMap<>(base.specialTokens);
        tokens.putAll(specialTokens);
        boolean bases = chatTemplates.isEmpty() || chatTemplates.equals(base.chatTemplates);
        return new TokenizerConfig(
                chatTemplates.isEmpty() ? base.chatTemplates : chatTemplates,
                tokens,
                additionalSpecialTokens.isEmpty()
                        ? base.additionalSpecialTokens
                        : additionalSpecialTokens,
                addBosToken == null ? base.addBosToken : addBosToken,
                modelMaxLength == null ? base.modelMaxLength : modelMaxLength,
                responseTemplate == null && bases ? base.responseTemplate : responseTemplate);
    }

    /**
     * Source of the template for a request: {@code tool_use} if it brings tools and the folder has
     * one, else {@code default}, as transformers' {@code get_chat_template} picks.
     */
    public Optional<String> chatTemplate(boolean withTools) {
        if (withTools && chatTemplates.containsKey(TOOL_TEMPLATE)) {
            return Optional.ofNullable(chatTemplates.get(TOOL_TEMPLATE));
        }
        return Optional.ofNullable(chatTemplates.get(DEFAULT_TEMPLATE));
    }

    public Optional<String> eosToken() {
        return specialToken("eos_token");
    }

    /** Text of a special token by its attribute, e.g. {@code sep_token}. */
    public Optional<String> specialToken(String attribute) {
        return Optional.ofNullable(specialTokens.get(attribute));
    }

    /** The special tokens as variables of a template. */
    public Map<String, Object> templateVariables() {
        Map<String, Object> variables = new LinkedHashMap<>(specialTokens);
        if (!additionalSpecialTokens.isEmpty()) {
            variables.put("additional_special_tokens", new ArrayList<>(additionalSpecialTokens));
        }
        return variables;
    }
}
