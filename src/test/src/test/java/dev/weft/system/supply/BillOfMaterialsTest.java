package dev.weft.system.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks that the product's bill of materials matches its folder. */
class BillOfMaterialsTest {
    private static final JsonNode BILL =
            JsonMapper.shared().readTree(Product.FOLDER.resolve("sbom.cdx.json"));

    /** Two jars may have the same bytes, if they have no code and differ only in their name. */
    @Test
    void namesEveryJarOfTheProductByItsHashAndNothingElse() throws Exception {
        Set<String> named = new TreeSet<>();
        for (JsonNode component : BILL.path("components")) {
            named.add(sha256(component));
        }
        Set<String> there = new TreeSet<>();
        for (Path jar : Product.libraries()) {
            there.add(sha256(jar));
        }

        assertThat(named).isEqualTo(there).hasSizeGreaterThan(100);
    }

    @Test
    void saysALicenceForEveryComponent() {
        assertThat(BILL.path("components"))
                .allSatisfy(component ->
                        assertThat(component.path("licenses").size())
                                .as(component.path("purl").stringValue())
                                .isPositive());
    }

    /** This makes two builds equal: docs/decisions/0185-builds-that-can-be-repeated.md. */
    @Test
    void tellsNothingOfTheMachineThatMadeIt() throws IOException {
        assertThat(Product.FOLDER.resolve("sbom.cdx.json"))
                .content()
                .contains("\"cdx:reproducible\"")
                .doesNotContain(
                        Product.ROOT.toString(),
                        System.getProperty("user.home") + "/",
                        "\"timestamp\"");
    }

    @Test
    void listsTheLicenceOfEveryLibraryOfOthers() throws IOException {
        Set<String> libraries = new TreeSet<>();
        for (JsonNode component : BILL.path("components")) {
            if (!component.path("group").stringValue().equals("dev.weft")) {
                libraries.add(
                        component.path("group").stringValue()
                                + ":"
                                + component.path("name").stringValue());
            }
        }
        String licences = Files.readString(Product.FOLDER.resolve("licences.txt"));
        Set<String> listed =
                new TreeSet<>(
                        Pattern.compile(
                                        "^ +(?:\\([^)]+\\) )+.*\\(([^:() ]+:[^: ]+):",
                                        Pattern.MULTILINE)
                                .matcher(licences)
                                .results()
                                .map((MatchResult line) -> line.group(1))
                                .toList());

        assertThat(listed).isEqualTo(libraries);
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").stringValue().equals("SHA-256")) {
                return hash.path("content").stringValue();
            }
        }
        throw new AssertionError("no SHA-256 of " + component.path("purl"));
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
