package dev.weft.protocol.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link CatalogEntry}. */
record EntryJson(
        IdJson id,
        List<ShareJson> shares,
        List<String> sharedWith,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long revision) {
    /** The revision is left out if there is no alias. */
    static EntryJson of(CatalogEntry entry) {
        return new EntryJson(
                IdJson.of(entry.id()),
                entry.shares().stream().map(ShareJson::of).toList(),
                entry.audience().tenants(),
                entry.revision() == 0 ? null : (Long) entry.revision());
    }

    record IdJson(String tenant, String name) {
        static IdJson of(AdapterId id) {
            return new IdJson(id.tenant(), id.name());
        }
    }

    record ShareJson(
            int weight,
            IdJson adapter,
            int version,
            String digest,
            FactsJson facts,
            String root,
            String created,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long base) {
        /** The base is left out if it is the first. */
        static ShareJson of(Share share) {
            ServedVersion version = share.version();
            return new ShareJson(
                    share.weight(),
                    IdJson.of(version.adapter()),
                    version.number(),
                    version.digest().toString(),
                    FactsJson.of(version.facts()),
                    version.root(),
                    version.created().toString(),
                    version.base() == ServedVersion.FIRST_BASE ? null : (Long) version.base());
        }
    }

    record FactsJson(
            int rank,
            double alpha,
            @JsonProperty("rsLora") boolean rsLora,
            List<String> modules,
            String dtype,
            long parameters,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AdapterTask task) {
        /** The task is left out if it is that of most adapters, text. */
        static FactsJson of(LoraFacts facts) {
            return new FactsJson(
                    facts.rank(),
                    facts.alpha(),
                    facts.rsLora(),
                    facts.modules().stream().map(LinearModule::shortName).toList(),
                    facts.dtype(),
                    facts.parameters(),
                    facts.task() == AdapterTask.CAUSAL_LM ? null : facts.task());
        }
    }
}
