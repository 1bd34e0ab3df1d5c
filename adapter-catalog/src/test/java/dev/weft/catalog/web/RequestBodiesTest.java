package dev.weft.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.catalog.fetch.FileRoots;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A body of the admin API is documented by a record and read by hand. The fields that are read are
 * those of the record.
 */
class RequestBodiesTest {
    private static final String UNKNOWN = "noSuchField";
    private static final FileRoots ROOTS =
            new FileRoots(Path.of("/"), List.of(), List.of(), List.of());

    /** The classes that read a body, found by what they call. */
    static Stream<Class<?>> readers() {
        return new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.weft.catalog")
                        .stream()
                        .filter(RequestBodiesTest::makesABody)
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(reader -> reading(reader).isPresent());
    }

    private static boolean makesABody(JavaClass each) {
        return each.getConstructorCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(JsonBody.class));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void theFieldsThatAreAllowedAreThoseOfTheRecord(Class<?> reader) throws Exception {
        assertThat(faults(reader, Map.of(UNKNOWN, 1)))
                .filteredOn(fault -> fault.field().equals(UNKNOWN))
                .extracting(Fault::allowed)
                .containsExactly("fields " + new TreeSet<>(fields(record(reader)).toList()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void noFieldOfTheRecordIsIgnored(Class<?> reader) throws Exception {
        for (String field : fields(record(reader)).toList()) {
            assertThat(faults(reader, Map.of(field, Map.of(UNKNOWN, List.of()))))
                    .as(field)
                    .anyMatch(fault -> isWithin(field, fault.field()));
        }
    }

    private static boolean isWithin(String field, String fault) {
        return fault.equals(field)
                || fault.startsWith(field + ".")
                || fault.startsWith(field + "[");
    }

    private static Class<?> record(Class<?> reader) throws ClassNotFoundException {
        return reader.isRecord()
                ? reader
                : Class.forName(reader.getName().replaceFirst("Reader$", "Body"));
    }

    private static Stream<String> fields(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .flatMap(part ->
                        part.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                                ? fields(part.getType())
                                : Stream.of(part.getName()));
    }

    private static Optional<Method> reading(Class<?> reader) {
        return Arrays.stream(reader.getDeclaredMethods())
                .filter(method ->
                        method.getName().equals("read")
                                && method.getParameterCount() > 0
                                && method.getParameterTypes()[0] == byte[].class)
                .findFirst();
    }

    private static List<Fault> faults(Class<?> reader, Map<String, ?> body) throws Exception {
        Method reading = reading(reader).orElseThrow();
        reading.setAccessible(true);
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(body);
        Object[] arguments =
                reading.getParameterCount() == 1
                        ? new Object[] {bytes}
                        : new Object[] {bytes, ROOTS};
        try {
            reading.invoke(
                    Modifier.isStatic(reading.getModifiers()) ? null : made(reader), arguments);
            return List.of();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof BadRequestException refused) {
                return refused.faults();
            }
            throw e;
        }
    }

    private static Object made(Class<?> reader) throws Exception {
        Constructor<?> constructor = reader.getDeclaredConstructor(FileRoots.class);
        constructor.setAccessible(true);
        return constructor.newInstance(ROOTS);
    }
}
