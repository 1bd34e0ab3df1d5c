package dev.weft.source;

import static dev.weft.source.HubFake.COMMIT;
import static dev.weft.source.HubFake.NEXT_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.source.HubFake.Fault;
import dev.weft.source.download.FetchState;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.FetchListener.Progress;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceFault;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoriesTest extends HubTest {
    @Test
    void fetchesTheWantedFilesAndListsPicklesWithoutFetchingThem() throws Exception {
        Fetched fetched = fetch("main");

        assertThat(fetched)
                .isEqualTo(
                        new Fetched(
                                target(), COMMIT, List.of(CONFIG, WEIGHTS, "training_args.bin")));
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":8}");
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS);
        assertThat(hub.seen("hub", "training_args.bin")).isEmpty();
        assertThat(hub.seen("hub", "README.md")).isEmpty();
    }

    @Test
    void takesTheRevisionMainWhereNoneIsAskedFor() throws Exception {
        assertThat(fetch(null).resolvedRevision()).isEqualTo(COMMIT);
        assertThat(hub.seen("hub", "/api/models/owner/name/revision/main")).hasSize(1);
    }

    @Test
    void sendsTheTokenToTheHubOnly() throws Exception {
        hub.requireToken("secret");

        fetch(settings("secret"), "main");

        assertThat(hub.seen("hub", ""))
                .isNotEmpty()
                .allMatch(s -> "Bearer secret".equals(s.token()));
        assertThat(hub.seen("storage", "")).isNotEmpty().allMatch(s -> s.token() == null);
    }

    @Test
    void followsRedirectsOfTheHubItself() throws Exception {
        hub.fail(
                "/revision/main",
                new Fault.RedirectTo("/api/models/owner/name/revision/" + COMMIT));

        assertThat(fetch("main").resolvedRevision()).isEqualTo(COMMIT);
    }

    @Test
    void doesNotFetchTheSameCommitAgain() throws Exception {
        fetch("main");
        hub.forget();

        Fetched again = fetch("main");

        assertThat(again.files()).containsExactly(CONFIG, WEIGHTS, "training_args.bin");
        assertThat(hub.seen())
                .extracting(HubFake.Seen::path)
                .containsExactly("/api/models/owner/name/revision/main");
    }

    @Test
    void needsNoNetworkForACommitThatIsComplete() throws Exception {
        Fetched first = fetch("main");
        hub.close();

        assertThat(fetch(COMMIT)).isEqualTo(first);
        assertThat(fetch(COMMIT.toUpperCase(Locale.ROOT))).isEqualTo(first);
        assertThat(fault("main")).isEqualTo(SourceFault.UNREACHABLE);
    }

    @Test
    void fetchesAFileAgainThatWasDamagedOrRemoved() throws Exception {
        fetch("main");
        Files.writeString(target().resolve(CONFIG), "{");
        Files.delete(target().resolve(WEIGHTS));

        fetch(COMMIT);

        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":8}");
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    @Test
    void sendsARevisionWithSlashesAsOneSegment() throws Exception {
        hub.revision("refs/pr/1", COMMIT);

        assertThat(fetch("refs/pr/1").resolvedRevision()).isEqualTo(COMMIT);
    }

    @Test
    void replacesAnOlderCommitAndFetchesOnlyWhatChanged() throws Exception {
        hub.file(COMMIT, "chat_template.jinja", "old");
        fetch("main");
        hub.file(NEXT_COMMIT, CONFIG, "{\"r\":9}")
                .file(NEXT_COMMIT, WEIGHTS, weights)
                .revision("main", NEXT_COMMIT);
        Files.writeString(target().resolve("mine.txt"), "stays");

        Fetched next = fetch("main");

        assertThat(next).isEqualTo(new Fetched(target(), NEXT_COMMIT, List.of(CONFIG, WEIGHTS)));
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":9}");
        assertThat(names()).containsExactly(".weft-source.json", CONFIG, WEIGHTS, "mine.txt");
        hub.close();
        assertThat(fetch(NEXT_COMMIT)).isEqualTo(next);
    }

    /** A process that ends behind a file's last byte has not noted it. */
    @Test
    void removesWhatAnEarlierFetchLeftAndDidNotNote() throws Exception {
        hub.file(NEXT_COMMIT, CONFIG, "{\"r\":9}").revision("next", NEXT_COMMIT);
        fetch("next");
        Files.writeString(target().resolve("chat_template.jinja"), "left");
        Files.createDirectory(target().resolve("1_Pooling"));
        Files.writeString(target().resolve("1_Pooling").resolve("config.json"), "left");
        Files.writeString(target().resolve("mine.txt"), "stays");

        fetch("main");

        assertThat(names())
                .containsExactly(".weft-source.json", "1_Pooling", CONFIG, WEIGHTS, "mine.txt");
        assertThat(target().resolve("1_Pooling")).isEmptyDirectory();
    }

    @Test
    void letsSelectionsShareAFolder() throws Exception {
        hub.file(COMMIT, "config.json", "{}")
                .file(COMMIT, "model.safetensors", weights)
                .file(COMMIT, "consolidated.safetensors", weights);
        Repositories repositories = new Repositories(settings(null), Clock.systemUTC());

        Fetched config =
                repositories.fetch(ref("main"), FileSelection.CONFIG, target(), FetchListener.NONE);
        Fetched all =
                repositories.fetch(
                        ref("main"), FileSelection.CHECKPOINT, target(), FetchListener.NONE);

        assertThat(config.files()).containsExactly("config.json");
        // an adapter's configuration beside a base is told to whoever opens the base
        assertThat(all.files())
                .containsExactly(
                        "adapter_config.json", WEIGHTS, "config.json", "model.safetensors");
        assertThat(hub.seen("hub", "/config.json")).hasSize(1);
        hub.close();
        assertThat(
                        repositories.fetch(
                                ref(COMMIT), FileSelection.CONFIG, target(), FetchListener.NONE))
                .isEqualTo(config);
    }

    /** One file of an adapter, or of a base, lies in a folder of the repository. */
    @Test
    void bringsTheFilesThatTellHowAModelPools() throws Exception {
        String commit = "c".repeat(40);
        hub.file(commit, "adapter_config.json", "{}")
                .file(commit, "modules.json", "[]")
                .file(commit, "1_Pooling/config.json", "{\"pooling_mode\":\"mean\"}")
                .file(commit, "config_sentence_transformers.json", "{}")
                .file(commit, "sentence_bert_config.json", "{}")
                .file(commit, "2_Dense/config.json", "{}");

        Fetched fetched = fetch(commit);

        assertThat(fetched.files())
                .containsExactly(
                        "1_Pooling/config.json",
                        "adapter_config.json",
                        "config_sentence_transformers.json",
                        "modules.json",
                        "sentence_bert_config.json");
        assertThat(fetched.folder().resolve("1_Pooling").resolve("config.json"))
                .hasContent("{\"pooling_mode\":\"mean\"}");
        assertThat(FileSelection.CHECKPOINT.wanted())
                .accepts("modules.json", "1_Pooling/config.json")
                .accepts("config_sentence_transformers.json", "sentence_bert_config.json")
                .rejects("2_Dense/config.json", "1_Pooling/model.safetensors");
    }

    /** transformers writes a template of its own for tools there. */
    @Test
    void bringsAllChatTemplatesOfABase() throws Exception {
        String templates = "additional_chat_templates/";
        String commit = "d".repeat(40);
        hub.file(commit, "config.json", "{}")
                .file(commit, templates + "tool_use.jinja", "{{ tools }}")
                .file(commit, templates + "README.md", "-");

        Fetched fetched =
                new Repositories(settings(null), Clock.systemUTC())
                        .fetch(ref(commit), FileSelection.CHAT, target(), FetchListener.NONE);

        assertThat(fetched.files()).contains(templates + "tool_use.jinja");
        assertThat(fetched.folder().resolve(templates + "tool_use.jinja"))
                .hasContent("{{ tools }}");
        assertThat(FileSelection.CHECKPOINT.wanted())
                .accepts(templates + "tool_use.jinja")
                .rejects(templates + "README.md", templates + "a/b.jinja");
    }

    /** vLLM reads more than the embedded engine: images, other tokenizers, quantised weights. */
    @Test
    void serversBesideTheWorkerGetWhatTheyRead() {
        assertThat(FileSelection.SERVER.wanted())
                .accepts(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "preprocessor_config.json",
                        "processor_config.json",
                        "video_preprocessor_config.json",
                        "chat_template.json",
                        "tekken.json",
                        "params.json",
                        "tokenizer.model",
                        "tiktoken.model",
                        "vocab.json",
                        "merges.txt",
                        "hf_quant_config.json",
                        "additional_chat_templates/tool_use.jinja")
                .rejects(
                        "consolidated.safetensors",
                        "pytorch_model.bin",
                        "model.gguf",
                        "modeling_custom.py",
                        "onnx/model.onnx",
                        "original/params.json",
                        "README.md");
        assertThat(FileSelection.SERVER_WITH_CODE.wanted())
                .accepts("modeling_custom.py", "config.json")
                .rejects("pytorch_model.bin", "code/modeling.py");
        assertThat(FileSelection.SERVER.identity())
                .isSameAs(FileSelection.SERVER_WITH_CODE.identity())
                .isSameAs(FileSelection.CHECKPOINT.identity());
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        List<Progress> heard = new ArrayList<>();

        new Repositories(settings(null), Clock.systemUTC())
                .fetch(ref("main"), FileSelection.ADAPTER, target(), heard::add);

        assertThat(heard).isNotEmpty();
        assertThat(heard.getLast())
                .isEqualTo(new Progress(WEIGHTS, 2, 2, 3_000_000, 3_000_000, 3_000_007, 3_000_007));
        assertThat(heard).extracting(Progress::bytes).isSorted();
    }

    @Test
    void fetchesIntoOneFolderOneAfterTheOther() throws Exception {
        Repositories repositories = new Repositories(settings(null), Clock.systemUTC());
        Callable<Fetched> fetch =
                () ->
                        repositories.fetch(
                                ref("main"), FileSelection.ADAPTER, target(), FetchListener.NONE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Fetched>> all =
                    threads.invokeAll(List.of(fetch, fetch, fetch, fetch), 30, TimeUnit.SECONDS);
            for (Future<Fetched> one : all) {
                assertThat(one.get().resolvedRevision()).isEqualTo(COMMIT);
            }
        }

        assertThat(hub.seen("storage", WEIGHTS)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"hub\":null,\"repo\":\"owner/name\",\"commit\":\"x\",\"selections\":{},\"files\":{}}",
                "{\"hub\":\"h\",\"repo\":\"r\",\"commit\":\"c\",\"selections\":{\"adapter\":null},\"files\":{\"a\":null}}"
            })
    void fetchesAgainWhereItsNotesAreDamaged(String notes) throws Exception {
        Files.createDirectories(target());
        Files.writeString(target().resolve(FetchState.FILE), notes);

        fetch(COMMIT);

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }
}
