"""The everyday words by which a short Latin text is known: English, romanised Khmer, neighbours.

Written by hand: the commonest words of each language, and what surveys talk about. Romanised Khmer
has no spelling: each word stands with the ways people hear it, the rest is known by its shape. No
word was taken from the answers that the tests are made of; one in two lists speaks for either.
"""

import regex

COMMON_ENGLISH = """
a about accept access action adult after again against ago agree all almost already also although
always am an and anger another answer any anybody anyone anything are around as ask asked at
authority away back bad be became because become been before began being best better between big
both bridge bring broken btw budget building business but buy by call came can canal cannot cant
change changed cheap chief child children citizen city civil clean clinic close come comes commune
community complaint complete conflict cost could couldnt council country court crop crops cut
dangerous dark day days debt decide decision development dialogue did didnt different difficult
dirty disability disagree discuss disease district do doctor does doesnt doing done dont down
drainage drink drought dry during dust each early easy education elderly elected election electric
enough environment equal especially ethnic even ever every everybody everyone everything expensive
explain fair family far farm farmer farmers farming fast fees female few fire first fish fishing
fix flood floods food for forest free from fuel full garbage gave get gets getting girl girls give
given go goes going good got government governor great group had half happen happy hard harvest
has have havent having he health hear heard hello help helped her here hers hey hi high him his
hmm home hope hospital house houses how however husband i idea if im important improve in income
indigenous influence information instead interest internet into irrigation is isnt issue it its
ive job jobs join just keep kind knew know known lack lake land large last late later law leader
leaders least left less let light lights like listen little live lived lives loan lol long look
lot lots loud low made make makes making male man many market may maybe me mean medicine meet
meeting meetings member men might mine minister money month more most mostly mother motorbike much
must my myself national near nearby need needed needs neither neutral never new next nice no
nobody noise none nor not nothing now of off office official officials often oh ok okay old on
once one ones only open opinion or other others our out over own paid part participate party pay
people perhaps phone plan planning please pls plz police pollution pond poor power price prices
private probably problem problems project promise promised province public pump put quality
question questions quite rain rather read ready real really repair report respect response rice
right river road roads rubbish rural sad safe safety said salary same satisfied saw say says
school schools see seen send service services share she short should since skip slow small so some
somebody someone something sometimes soon sorry speak state stop strong strongly student students
study support sure survey take taken talk tax teach teacher teachers tell than thank thanks that
thats the their them then there these they thing things think this those thought three through thx
time times to today together toilet toilets told tomorrow too took town traffic training
transparency transport tree trees true trust try two under understand unsafe until up us use used
useful usually vaccine very village villagers villages violence voice vote want wanted wants was
wasnt waste water way we weak weather week well wells went were what when where which while who
whole whom whose why wife will with within without woman women wont work worked worker workers
working works worse worst would wouldnt write wrong yeah year years yep yes yesterday yet you
young your yours youth
"""

# Most also mean something else elsewhere; a text needs more of these than of others.
COMMON_ROMANISED = """
aeng ah aha ahar akrak akrok akun ankor aoi aoy apey aphei aphey arkon arkoun arkrok arkun
arogn at aukun aun avei avey awkun baan baat bae baek baer ban bang bangrien banha banhaha bantich
barang barn bat bay bei bek ber bey bokhlik bong bongpaoun bongrean bongrien bonhaha bontech boun
brab brochum bros buon cha chah chamkar chang chaovay chas chaul chea cheat cheet cheng chheu chhi
chhloey chhnam chhngai chhngay chhy chia chit chlaoy chlery chnam chngai chngay chol chole chomkar
chomnuoy chomreap chong chouay chouy chraen chran chreun chroeun chumnouy chumnuoy chumreap chuoy
chuy daem dang dauch dei dek deng deum dey dg dob doch doeng doj dop douch dung eivey eng ery ey
ghum haey haoy hean hery hetavey hetey heuy hian hoch hoey houy huoch hz ja jah jang jas jea jit
jol jong joul joy jran jren jrern jumreap juoy juy ka kafe kampuchea kange kangea kar kat kay kdei
kdov ke ket keut khae khaet khauch khe khern khet khlach khlei khmae khmom khnea khnhom
khnom khnong khnum khnyom khnyum khoch khoeun khos khoum khum khva khvah khvas kit klach kley
kmean kmer kmian knea kneah knear knhom knom knong knung ko koat koch kom kon kone kooch kor kot
kouch koun kraom kroay krokvok krom krong krou krovok kroy kru kruosa kruosar krusa kum kut laaw
laeng laor lea leahay ler lerk leu lngeach loeu lok lokkru lor louk louy loy luy mak mdai mday
mean meghum mekhum mel men meng mephum merl mern meul mhob mhup mian mien min ming moak mok monti
montipet mork mouy muk mun muoy muy na naa nah nak nas nass neak neakru neang nei nek neng neou
nes ney ng ngeai ngeay nhom nhum ni nih ning nis niw niyay niyeai niyeay nou nov nuh nung nuos nus
nuv nyeay nyom oay opuk orkoun orkun ors ort os oss ot ott oun ouy ovpuk oy pa panyaha pel pele
pelna penh pet peth petya petyea phdach phlauv phleang phleng phleung phlieng phlov phong phorng
phoum phsar phsem phum pi pibaak pibak pii pir pleang plerng pleung pleurng plieng plov plow poan
polrot pong ponman ponmarn poum prab pracheachun pracheapolrot pram prampi prap preah prei preuk
prey prochum proh prom pros prouh prous pruk pruos prus psa psar pu puk rean reanr rien roat roha
rohas rohot rohout rort rothaphibal roy saart saat sabaay sabay sabbay sala salarean salarien
samlor samram sangkat sangkum saphea sart satrey sdab sdabb sdap ses sisrey sit sithi sm sok sokh
sokhapheap sokhaphheap soksabay sokseb som somram songkum soum sour soursdey sousdey spean spien
srae sraech sralanh sre srech srei srey sro srob srok srolan srolanh srolk sromram srop srorlanh
sroub srouv srov suasdey sum suo suor suosdey susdey ta tae tah taing tang taok te tea teang teat
tech tee teh tek teu teuk thaok thlai thlay thmei thmey thnal thnam thngai thngay thnol thok thom
thver thveu thvoe tiat tich tiet tik tlai tlay tmey tnam tngai tngay toch toek toh tom tos tou
touch tov tow trev trocheak trouv trov trow tuk tv tve tver tveu twer tweu vaeng vea veng via vinh
voat wat yang yeay yerng yeung yeurt yeut yey yoeng yol yoll yop youl yub yul yung yuvachun
yuvajun
"""

# French, Spanish, German, Indonesian, Filipino, and Vietnamese without its marks.
COMMON_ELSEWHERE = """
ada agua air ako aku ang anh apa auf aussi avec baik ban banyak beaucoup belum bien bisa bonjour
bueno bukan butuh cam cest chez chung co comme como con cua dan danke dans dari das de dengan der
des di dia die donde du duoc duong eau ein eine el elle elles ellos em en er es est et gracias gut
haben hindi hola ich ici ihr ikaw il ils immer ini ist itu ja jai jalan jamais je kami kamu kasih
kayo ke kein keine khong kita kurang la las le lebih les los ma maganda mais mal mau merci mereka
mes mga mi mit moins mon mot mucho muy nada nay ne nein ng nguoi nhung nicht non nosotros notre
nous nuoc oo opo ou oui para pas pero plus po por pour que qui quoi rat rien sa salamat sangat
sans saya sehr selamat si sie sila sind siya son sont su sudah suis sur sus terima tidak todo toi
toujours tous tout trop tu tubig un una und une uno unos untuk va viel voi von vous wala wasser
weg wir ya yang yo zu
"""

# Places and peoples, written alike in English and in romanised Khmer.
NAMES = """
angkor bunong jarai khmer kreung kui lao tampuan thai
banlung battambang cambodia cham kampong kampot kandal kratie mekong penh phnom pursat ratanakiri
reap sap siem sihanoukville takeo tonle
"""

# In a Khmer sentence these are Khmer by now.
LOANS = """
aba acleda app bot bye cellcard covid cso email excel facebook fb file google grab hello hi
internet iphone line link messenger metfone ngo no ok okay oki online pdf phone photo samsung
smart sms sorry telegram thanks tiktok usd video whatsapp wifi wing yes youtube zoom
"""

ENGLISH = frozenset((COMMON_ENGLISH + NAMES).split())
ROMANISED = frozenset((COMMON_ROMANISED + NAMES).split())
NEIGHBOURS = frozenset(COMMON_ELSEWHERE.split())
BORROWED = frozenset(LOANS.split())

# How romanised Khmer looks: pairs of consonants and vowels that English doesn't have.
KHMER_SHAPE = regex.compile(
    r"^(?:kh(?!aki)|kng|kn(?=[gh])|khn|chh|chng|phn|phk|phl|phs|tn|tm|tb|thn|thm|thk|tv|tng|sv|sd"
    r"|sng|srae|sro[kvp]|ng|nh|mn|ml|md|mj|lh|lb|pd|pk|pn|pt|kd|kb|kt|km|kv|ks|bd|cn|dt|jr|jh|vr|yv)"
    r"|(?:oeu|oeng|oeun|eun|euy|erng|eang|eav|oam|oun|uoy|uoch|uor|uos|aov|orng|aeng|ieng|ieb|iev|ov)$"
)
