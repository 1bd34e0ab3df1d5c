package dev.weft.inference.server.answer;

import dev.weft.inference.server.completion.CompletionEvent;
import dev.weft.inference.server.completion.CompletionRequest;
import dev.weft.inference.server.completion.GenerationSettings;
import dev.weft.inference.server.text.Tokenizer;
import dev.weft.protocol.usage.TokenCount;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Makes the choices' texts from a request's events. One thread at a time. */
public final class Answer {
    private final CompletionRequest request;
    private final ChoiceText[] choices;
    private final ChoiceReply[] replies;
    private final IntConsumer cancel;

    /** For each choice, the number of prompt tokens that had been computed before. */
    private final int[] cached;

    private final int promptTokens;
    private int open;

    /**
     * The answer to one request.
     *
     * @param cancel called with a choice that needs no more tokens: a stop string was found
     */
    public Answer(CompletionRequest request, Tokenizer tokenizer, IntConsumer cancel) {
        this.request = request;
        this.cancel = cancel;
        this.choices = new ChoiceText[request.choices().count()];
        this.replies = new ChoiceReply[choices.length];
        this.cached = new int[choices.length];
        this.open = choices.length;
        this.promptTokens =
                request.choices().prompts().stream()
                        .mapToInt(prompt -> prompt.tokens().size())
                        .sum();
        GenerationSettings settings = request.settings();
        for (int choice = 0; choice < choices.length; choice++) {
            choices[choice] =
                    new ChoiceText(
                            settings,
                            tokenizer.detokenizer(
                                    request.choices().promptOf(choice).tokens(),
                                    settings.reading().skipSpecialTokens(),
                                    settings.reading().shown()));
            replies[choice] = new ChoiceReply(choice, settings.reading());
        }
    }

    /** Takes the next event; returns what is new, or empty if the event adds nothing yet. */
    public Optional<ChoiceUpdate> accept(CompletionEvent event) {
        ChoiceText choice = choices[event.choice()];
        boolean wasOver = choice.over();
        Optional<TextUpdate> update =
                switch (event) {
                    case CompletionEvent.Prompted(int index, int tokens) -> {
                        cached[index] = tokens;
                        yield Optional.empty();
                    }
                    case CompletionEvent.Produced(int _, var token) -> choice.add(token);
                    case CompletionEvent.Ended(int _, var reason) -> choice.end(reason);
                    case CompletionEvent.Pooled _ ->
                            throw new IllegalStateException("an answer of tokens has a vector");
                };
        if (choice.over() && !wasOver) {
            open--;
            if (event instanceof CompletionEvent.Produced) {
                cancel.accept(event.choice());
            }
        }
        return update.flatMap(text -> replies[event.choice()].add(text, choice.produced()));
    }

    /** Whether every choice has had its last update. */
    public boolean over() {
        return open == 0;
    }

    /** Tokens so far. */
    public Usage usage() {
        return new Usage(promptTokens, cachedTokens(), completionTokens(), reasoningTokens());
    }

    /** The tokens so far, for callers that only count. */
    public TokenCount count() {
        return new TokenCount(promptTokens, completionTokens(), choices.length, cachedTokens());
    }

    private int completionTokens() {
        int sum = 0;
        for (ChoiceText choice : choices) {
            sum += choice.produced();
        }
        return sum;
    }

    private int reasoningTokens() {
        int sum = 0;
        for (ChoiceReply reply : replies) {
            sum += reply.thoughtTokens();
        }
        return sum;
    }

    /**
     * The cached tokens of all prompts. Each prompt counts once, by its choice with the fewest
     * cached tokens: tokens that one choice computed were not cached.
     */
    private int cachedTokens() {
        int each = request.choices().perPrompt();
        int sum = 0;
        for (int first = 0; first < cached.length; first += each) {
            sum += Arrays.stream(cached, first, first + each).min().orElse(0);
        }
        return sum;
    }
}
