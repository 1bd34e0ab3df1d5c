package dev.weft.inference.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.weft.inference",
        importOptions = ImportOption.DoNotIncludeTests.class)
class CpuArchitectureTest {
    @ArchTest
    static final ArchRule nativeLibrariesStayInOnePackage =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..cpu.kernel.onednn..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule theVectorApiStaysInTheKernels =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "..cpu.kernel.math..",
                            "..cpu.kernel.attention..",
                            "..cpu.kernel.vector..",
                            "..cpu.kernel.onednn..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("jdk.incubator.vector..");
}
