package dev.weft.catalog.base;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.service.settings.EngineSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeclarationTest {
    private static final Base QWEN = base(1, "qwen", "org/qwen", true);
    private static final Base LLAMA = base(2, "llama", "org/llama", true);
    private static final Base ADDED = base(3, "added", "org/added", false);

    @Test
    void aBaseIsTheSameByItsNameWhateverItsRepository() {
        Base.Facts moved = facts("qwen", "elsewhere/qwen");
        assertThat(Declaration.match(List.of(moved), List.of(QWEN, LLAMA)))
                .isEqualTo(Map.of(moved, QWEN));
    }

    @Test
    void aBaseIsTheSameByItsRepositoryWhateverItsName() {
        Base.Facts renamed = facts("qwen-2.5", "org/qwen");
        Base.Facts llama = facts("llama", "org/llama");
        assertThat(Declaration.match(List.of(llama, renamed), List.of(QWEN, LLAMA)))
                .isEqualTo(Map.of(renamed, QWEN, llama, LLAMA));
    }

    @Test
    void namesCountMoreThanRepositories() {
        Base.Facts one = facts("qwen", "org/llama");
        Base.Facts other = facts("llama", "org/qwen");
        assertThat(Declaration.match(List.of(one, other), List.of(QWEN, LLAMA)))
                .isEqualTo(Map.of(one, QWEN, other, LLAMA));
    }

    @Test
    void theOnlyOneIsTheSameWhateverChanges() {
        Base.Facts other = facts("mistral", "org/mistral");
        assertThat(Declaration.match(List.of(other), List.of(QWEN, ADDED)))
                .isEqualTo(Map.of(other, QWEN));
        assertThat(Declaration.match(List.of(other), List.of(QWEN, LLAMA))).isEmpty();
        assertThat(Declaration.match(List.of(other, facts("phi", "org/phi")), List.of(QWEN)))
                .isEmpty();
    }

    @Test
    void theOnlyOneIsAnotherOnceAdaptersWereCheckedAgainstItsShape() {
        Base checked =
                new Base(
                        1,
                        facts("weft-tiny", "org/tiny"),
                        true,
                        Instant.EPOCH,
                        new Base.Shape(2, 64, 128));
        Base.Facts another = facts("mistral", "org/mistral");
        Base.Facts renamed = facts("tiny", "org/tiny");
        Base.Facts moved = facts("weft-tiny", "org/elsewhere");
        Base.Facts updated = facts("tiny", "org/tiny", "v2");
        assertThat(Declaration.match(List.of(another), List.of(checked))).isEmpty();
        assertThat(Declaration.match(List.of(renamed), List.of(checked)))
                .isEqualTo(Map.of(renamed, checked));
        assertThat(Declaration.match(List.of(moved), List.of(checked)))
                .isEqualTo(Map.of(moved, checked));
        assertThat(Declaration.match(List.of(updated), List.of(checked)))
                .isEqualTo(Map.of(updated, checked));
    }

    @Test
    void aBaseThatSomebodyAddedIsNotTakenForARenamedOne() {
        assertThat(Declaration.match(List.of(facts("more", "org/added")), List.of(ADDED)))
                .isEmpty();
        Base.Facts declared = facts("added", "org/added");
        assertThat(Declaration.match(List.of(declared), List.of(ADDED)))
                .isEqualTo(Map.of(declared, ADDED));
    }

    private static Base base(long id, String name, String repo, boolean declared) {
        return new Base(id, facts(name, repo), declared, Instant.EPOCH, null);
    }

    private static Base.Facts facts(String name, String repo) {
        return facts(name, repo, null);
    }

    private static Base.Facts facts(String name, String repo, @Nullable String revision) {
        return new Base.Facts(
                name,
                new RepositoryRef(RepositorySource.HF, repo, revision),
                8,
                EngineSettings.Choice.AUTO,
                Set.of());
    }
}
