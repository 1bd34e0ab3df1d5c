package dev.weft.standalone.adapters.client;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that limits a list to one alias. */
public final class AliasFilter {
    @Option(names = "--alias", paramLabel = "ALIAS", description = "Only of this alias.")
    private @Nullable String alias;

    /** The path of the first page of a list. */
    public String firstPage(String list) {
        return list + "?size=500" + (alias == null ? "" : "&alias=" + CatalogClient.segment(alias));
    }
}
