package dev.weft.inference.server.prompt;

import dev.weft.chat.ChatTemplate;
import dev.weft.chat.ChatTemplateException;
import dev.weft.chat.TokenizerConfig;
import dev.weft.inference.server.residency.artifact.ArtifactCache;
import dev.weft.inference.server.residency.artifact.Deadline;
import dev.weft.inference.server.residency.artifact.RecentAdapters;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profiles of the base and of the adapters that were asked for, each made once. Safe for any
 * thread.
 */
public final class ChatProfiles {
    private static final Logger LOG = LoggerFactory.getLogger(ChatProfiles.class);

    /** Profiles are small; beyond so many, the least recently used one is dropped. */
    private static final int KEPT = 1024;

    /** Far more than any folder names. */
    private static final int MOST_SPECIAL_TOKENS = 1024;

    private final TokenizerConfig baseConfig;
    private final BaseTokens tokens;
    private final Set<Integer> baseEndTokens;
    private final Tokenizer tokenizer;
    private final ArtifactCache artifacts;
    private final RenderThreads threads;
    private final ReplyStyles styles;
    private final ChatProfile base;
    private final RecentAdapters<ChatProfile> adapters = new RecentAdapters<>(KEPT);

    /**
     * The profiles for one checkpoint.
     *
     * @param tokens end tokens of the checkpoint, and how many tokens the model has
     * @param threads the threads that read adapters' templates
     * @param styles finds how models write their replies
     * @throws ChatTemplateException if the checkpoint's template can't be read
     */
    ChatProfiles(
            TokenizerConfig baseConfig,
            BaseTokens tokens,
            Tokenizer tokenizer,
            ArtifactCache artifacts,
            RenderThreads threads,
            ReplyStyles styles) {
        this.styles = styles;
        this.baseConfig = baseConfig;
        this.tokens = tokens;
        this.baseEndTokens = tokens.within("the base", tokens.end());
        this.tokenizer = tokenizer;
        this.artifacts = artifacts;
        this.threads = threads;
        this.base = profile("the base", baseConfig, Set.of(), Set.of(), null);
    }

    /**
     * The profile for a request; waits for the adapter's files if they aren't here yet.
     *
     * @param adapter null for the base
     * @throws ApiException as {@link ArtifactCache#folder}, and {@code ADAPTER_UNAVAILABLE} if the
     *     adapter brings a template that can't be read
     */
    public ChatProfile of(@Nullable AdapterDigest adapter, Deadline deadline)
            throws InterruptedException {
        if (adapter == null) {
            return base;
        }
        Optional<ChatProfile> known = adapters.find(adapter);
        if (known.isPresent()) {
            return known.get();
        }
        Path folder = artifacts.folder(adapter, deadline);
        ChatProfile made = threads.run(adapter, () -> read(adapter, folder));
        adapters.keep(adapter, made);
        return made;
    }

    private ChatProfile read(AdapterDigest adapter, Path folder) {
        try {
            TokenizerConfig own = TokenizerConfig.read(folder);
            TokenizerConfig config = own.over(baseConfig);
            boolean bases =
                    config.chatTemplate(true).equals(baseConfig.chatTemplate(true))
                            && Objects.equals(
                                    config.responseTemplate(), baseConfig.responseTemplate());
            return profile(
                    "adapter " + adapter,
                    config,
                    endToken(adapter, own),
                    special(own),
                    bases ? base.replies() : null);
        } catch (IOException | ChatTemplateException e) {
            throw new ApiException(
                    ErrorCode.ADAPTER_UNAVAILABLE,
                    "adapter " + adapter + " can't be served: " + e.getMessage(),
                    e);
        }
    }

    private Set<Integer> endToken(AdapterDigest adapter, TokenizerConfig own) {
        if (own.eosToken().isEmpty()) {
            return Set.of();
        }
        OptionalInt id = tokenizer.id(own.eosToken().get());
        if (id.isEmpty()) {
            LOG.warn(
                    "adapter {}: its eos_token '{}' is not a token of the base; the base's end"
                            + " tokens end its answers",
                    adapter,
                    own.eosToken().get());
            return Set.of();
        }
        return tokens.within("adapter " + adapter, Set.of(id.getAsInt()));
    }

    /** Ids of the tokens that the adapter's folder names as special. */
    private Set<Integer> special(TokenizerConfig own) {
        Set<Integer> ids = new HashSet<>();
        Stream.concat(own.specialTokens().values().stream(), own.additionalSpecialTokens().stream())
                .limit(MOST_SPECIAL_TOKENS)
                .forEach(text -> tokenizer.id(text).ifPresent(ids::add));
        return ids;
    }

    private ChatProfile profile(
            String model,
            TokenizerConfig config,
            Set<Integer> ownEndTokens,
            Set<Integer> ownSpecialTokens,
            @Nullable ReplyStyle known) {
        Set<Integer> endTokens = new HashSet<>(baseEndTokens);
        endTokens.addAll(ownEndTokens);
        String plain = config.chatTemplate(false).orElse(null);
        String withTools = config.chatTemplate(true).orElse(null);
        Map<String, ChatTemplate> compiled = new HashMap<>();
        ChatTemplate calling =
                withTools == null
                        ? null
                        : compiled.computeIfAbsent(withTools, ChatTemplate::compile);
        return new ChatProfile(
                plain == null ? null : compiled.computeIfAbsent(plain, ChatTemplate::compile),
                calling,
                config.templateVariables(),
                endTokens,
                ownSpecialTokens,
                known == null ? styles.of(model, config, calling) : known);
    }
}
