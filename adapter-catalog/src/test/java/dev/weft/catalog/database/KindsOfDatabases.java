package dev.weft.catalog.database;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The databases that the catalog runs on; one PostgreSQL serves all classes of a run. */
final class KindsOfDatabases implements ArgumentsProvider {
    private static final Namespace HERE = Namespace.create(KindsOfDatabases.class);

    @Override
    public Stream<Arguments> provideArguments(
            ParameterDeclarations parameters, ExtensionContext tests) {
        PostgresDatabases postgres =
                tests.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
                        .computeIfAbsent(
                                PostgresDatabases.class,
                                _ -> new PostgresDatabases(),
                                PostgresDatabases.class);
        return Stream.of(Arguments.of(new H2Files()), Arguments.of(postgres));
    }

    private static final class H2Files implements EmptyDatabases {
        @Override
        public Database create(Path data) {
            return open(data);
        }

        @Override
        public Database open(Path data) {
            return Databases.open(null, data);
        }

        @Override
        public String waiting() {
            return "SELECT COUNT(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
        }

        @Override
        public String toString() {
            return "H2";
        }
    }
}
